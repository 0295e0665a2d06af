/** What a venue's checksum says about a book. */

/** `none`: the venue sent no checksum, so nothing was compared and nothing is proven. */
export type ChecksumVerdict = 'match' | 'mismatch' | 'none'
