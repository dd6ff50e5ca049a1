/** Addresses where one comes in anew, whoever is signed in. */
export const ENTRANCES: readonly string[] = ['/setup', '/invitation', '/reset', '/forgot']
