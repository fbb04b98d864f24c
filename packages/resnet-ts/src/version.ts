/** The package's version; a test holds it against package.json, which a page cannot read. */
export const version = '0.0.0'
