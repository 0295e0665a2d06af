/** The `--local-book` option of the commands that keep a book as it reached us. */

/** What the help says of the option. */
export const LOCAL_BOOK_HELP =
  'what the book that we see is made of: depth, or fused with the ticker (rows of kind bbo) by venue time'
