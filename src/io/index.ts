/**
 * Everything that reads files.
 *
 * Layer:  io; imports core, volume, table.
 */
export {};
