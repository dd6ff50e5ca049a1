import { afterAll, describe, expect, test } from 'vitest'
import { Passwords } from './passwords.ts'

const passwords = new Passwords()
afterAll(() => passwords.close())
const about = ['Ana Ferreira', 'ana.ferreira@northwind.example', 'Northwind Traders']
const strength = (password: string) => passwords.strength({ lane: 'test' }, password, about)

describe('a new password', () => {
  test.each([
    ['aaaaaaaaaaaa', /Repeated characters/],
    ['Password123!', /common words/],
    ['qwertyuiopas', /common words/],
    ['abcdefghijkl', /sequences/],
    ['passwordpassword', /Repeated/],
    ['Summer2026!!', /years and signs/],
    ['2026-Winter!!!', /years and signs/],
    ['March#2026#!', /years and signs/],
    ['S0mmer2026!!!!', /years and signs/],
    ['NorthwindTraders2026!!!', /names, common words/],
    ['ferreira.ana2026!', /names, common words/],
    ['Milepost2026!!', /years and signs/],
    ['Summer!2026!Winter', /years and signs/],
    ['ana.ferreira@northwind.example', /easy to guess/],
    ['ferreira2026', /easy to guess/],
    ['NorthwindTraders', /easy to guess/],
    ['milepostmilepost', /easy to guess/],
    ['short', /at least 12 characters/],
  ])('%s is refused, and why', async (password, why) => {
    const { score, problem } = await strength(password)
    expect(score).toBeLessThan(3)
    expect(problem).toMatch(why)
  })

  test.each([
    'correct horse battery',
    'summer lantern 2026 fjord',
    'Ferreira gathers blue thimbles',
    'lantern otter fjord 81',
    'ein Satz auf Deutsch',
    'V8#kq2!zR0pw',
    'солнце встаёт над рекой',
  ])('%s will do: no rules about kinds of characters', async (password) => {
    expect(await strength(password)).toEqual({ score: expect.toSatisfy((score) => score >= 3) })
  })

  test('of more than 1,000 characters is refused', async () => {
    expect((await strength('x'.repeat(1001))).problem).toMatch('at most 1000 characters')
  })

  test('of a long one the beginning decides, so that it can’t be made to take long', async () => {
    expect((await strength('V8#kq2!zR0pw'.repeat(80))).problem).toBeUndefined()
  })
})
