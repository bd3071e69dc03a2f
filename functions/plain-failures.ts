/**
 * Has the framework's server answer what it can't read, and what a function throws, without paths and stacks: imported before it
 * makes its server by what people and the store call. What the broker calls says why it failed, for the dead letter.
 */
process.env.NODE_ENV ??= 'production';
