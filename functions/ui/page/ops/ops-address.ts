/** The page's address for whoever runs Montage. */
export const OPS_ADDRESS = '/ops';

/** Whether an address is that one. */
export const isForOperator = (path: string): boolean => path.replace(/\/$/, '') === OPS_ADDRESS;
