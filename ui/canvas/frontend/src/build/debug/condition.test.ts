import { expect, it } from 'vitest'
import { conditionTrouble } from './condition'

it('has nothing against a condition that may hold', () => {
  for (const text of ['', ' ', 'visit > 1', "inputs.task.contains('a (b')", 'state.score >= 8 && !(state.notes.exists(n, n.text == "x"))', 'has(inputs.plan) && size(inputs.plan.steps) > 2', 'inputs.plan.steps[0].status in ["open", "done"]', 'visit > 2u && state.score < 1e5', 'inputs.a.matches(r"\\d+") && type(inputs.a) == string'])
    expect([text, conditionTrouble(text, 'before')]).toEqual([text, null])
  expect(conditionTrouble('outputs.answer == "" && item == 2', 'after')).toBeNull()
})

it('says which bracket or quote is open', () => {
  expect(conditionTrouble('size(inputs.a', 'before')).toBe('“(” is not closed.')
  expect(conditionTrouble('visit > 1)', 'before')).toBe('“)” closes nothing.')
  expect(conditionTrouble("inputs.a == 'x", 'before')).toBe("The text that begins with ' does not end.")
})

it('says which name is not there, and how to reach it', () => {
  expect(conditionTrouble('score > 3', 'before')).toContain('write inputs.score')
  expect(conditionTrouble('outputs.answer == ""', 'before')).toBe('“outputs” is there only after the node has run.')
})

it('says what is missing at the end, and how values are compared', () => {
  expect(conditionTrouble('visit >', 'before')).toBe('Something has to follow “>”.')
  expect(conditionTrouble('visit > 1 &&', 'before')).toBe('Something has to follow “&&”.')
  expect(conditionTrouble("inputs.a = 'x'", 'before')).toContain('==')
  expect(conditionTrouble("inputs.a == 'x = y'", 'before')).toBeNull()
  expect(conditionTrouble('visit >= 1 && visit != 3', 'before')).toBeNull()
})

it('bounds its length as the server does', () => {
  expect(conditionTrouble('visit > 1 || '.repeat(200) + 'true', 'before')).toContain('2000 characters at most')
})
