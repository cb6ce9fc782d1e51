/** Starts the kernel on the connection file that Jupyter names. */
export {};
