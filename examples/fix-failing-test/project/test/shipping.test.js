import assert from 'node:assert/strict';
import test from 'node:test';
import { isLetter, shippingCost } from '../src/shipping.js';

test('a small order pays for its shipping', () => {
  assert.equal(shippingCost(20, 900), 4.5);
  assert.equal(shippingCost(49.99, 900), 4.5);
});

test('an order of 50 euros or more is sent free of charge', () => {
  assert.equal(shippingCost(50, 900), 0);
  assert.equal(shippingCost(80, 100), 0);
});

test('a light parcel goes as a letter', () => {
  assert.equal(shippingCost(20, 100), 1.5);
});

test('a parcel of exactly 500 grams is still a letter', () => {
  assert.equal(shippingCost(20, 500), 1.5);
});

test('a heavier one is not, and neither is one that was not weighed', () => {
  assert.equal(isLetter(501), false);
  assert.equal(isLetter(0), false);
});
