/** Orders from this value on are sent free of charge. */
export const FREE_FROM = 50;

/** Up to this weight, in grams, a parcel is a letter. */
export const LETTER_GRAMS = 500;

/** What shipping costs for an order of this value and weight, in euros. */
export function shippingCost(value, grams) {
  if (value >= FREE_FROM) return 0;
  return isLetter(grams) ? 1.5 : 4.5;
}

/** Whether a parcel of this weight goes as a letter. */
export function isLetter(grams) {
  return grams > 0 && grams < LETTER_GRAMS;
}
