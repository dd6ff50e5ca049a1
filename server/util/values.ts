/**
 * The one form a record's values have outside SQL and outside a formula's evaluation: the JSON form.
 *
 * | field type | value |
 * |---|---|
 * | Text, LongTextArea, RichText, Email, Phone, Url, Picklist, AutoNumber, ExternalId | string; "" is null |
 * | Number, Currency, Percent | number when precision ≤ 15, else a decimal string; Percent holds the display value (46 = 46 %) |
 * | Checkbox | boolean, never null |
 * | Date | `YYYY-MM-DD` · DateTime: `YYYY-MM-DDTHH:mm:ss.sssZ`, always UTC with milliseconds · Time: `HH:mm:ss.SSS` |
 * | MultiselectPicklist | string[] in the picklist's order, or null |
 * | Lookup, MasterDetail, File | an 18-character id |
 * | Geolocation | { latitude, longitude } · Address: { street, city, state, postalCode, country } · JSON: any JSON |
 */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value }

/** A record's values by field API name. A missing key means "not read" or "not given", null means blank. */
export type Row = { readonly [field: string]: Value }
