/** A function for tests whose code can't be loaded. */
throw new Error('the model file is missing');
