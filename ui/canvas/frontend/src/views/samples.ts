/** One view of each type as nodes show them, for tests and the harness (`npm run views`). */

function searchTree(): unknown {
  const nodes = [{ id: 'r', parent: null as string | null, label: '4 6 8 13', value: 0.5 as number | null, status: 'expanded', visits: 41 }]
  const words = ['13 - 8 = 5', '4 + 6 = 10', '8 / 4 = 2', '13 - 6 = 7', '6 * 8 = 48', '13 + 4 = 17', '8 - 6 = 2']
  const add = (parent: string, index: number, depth: number): void => {
    const id = `${parent}.${index}`
    const value = Math.round(((parent.length * 7 + index * 13) % 100)) / 100
    const status = depth === 3 ? (index === 1 && parent.endsWith('1') ? 'solution' : 'failed') : index > 2 ? 'pruned' : depth === 2 && index === 0 ? 'open' : 'expanded'
    nodes.push({ id, parent, label: `${words[(index + depth * 2) % words.length]} (left: ${4 + index} ${6 + depth} ${8 + index})`, value: status === 'open' ? null : value, status, visits: 12 - depth * 3 })
    if (depth < 3 && status === 'expanded') for (let child = 0; child < (depth === 2 ? 3 : 5); child++) add(id, child, depth + 1)
  }
  for (let child = 0; child < 5; child++) add('r', child, 1)
  return { type: 'search', nodes, best: 'r.1.1.1', summary: '41 expansions, 3 pruned at each level' }
}

const DRAFT = 'Josh buys the house for $80,000 and repairs it for $50,000. The value rises by 150 %, so it is worth $120,000. His profit is $120,000 minus $130,000, a loss of $10,000.'
const BETTER = 'Josh buys the house for $80,000 and repairs it for $50,000, $130,000 in all. The value rises by 150 % of $80,000, which is $120,000, so it is worth $200,000. His profit is $200,000 minus $130,000: $70,000.'
const LONG = 'Each of the three accounts was read twice, once for what it says and once for what it leaves out; where the two readings differ, the difference is written down with the line it stands in. '.repeat(4)

export const SAMPLES: Record<string, unknown> = {
  plan: { type: 'plan', goal: 'Find what the house is worth after the repairs and what Josh earns', steps: [
    { id: '1', title: 'Add price and repairs', status: 'done', result: '80,000 + 50,000 = 130,000' }, { id: '2', title: 'Find the rise in value', status: 'done', result: LONG },
    { id: '3', title: 'Subtract the cost', status: 'running', result: null }, { id: '4', title: 'Check with an estimate', status: 'open', result: null }, { id: '5', title: 'Ask for a second opinion', status: 'skipped', result: null },
  ] },
  'plan graph': { type: 'plan', goal: 'A report on three vendors', steps: [
    { id: 'a', title: 'List vendors', status: 'done', result: 'Acme, Borealis, Cato', needs: [] }, { id: 'b', title: 'Read prices of Acme', status: 'done', needs: ['a'], result: '$12 a seat' },
    { id: 'c', title: 'Read prices of Borealis', status: 'running', needs: ['a'] }, { id: 'd', title: 'Read prices of Cato', status: 'failed', needs: ['a'], result: 'The page answered 404.' },
    { id: 'd1', title: 'Look for an archived page', status: 'open', parent: 'd', needs: [] }, { id: 'e', title: 'Compare all three', status: 'open', needs: ['b', 'c', 'd'] }, { id: 'f', title: 'Write the report', status: 'open', needs: ['e'] },
  ] },
  search: searchTree(),
  debate: { type: 'debate', verdict: 'Profit is $70,000: two of three agree after the second round.', rounds: [
    [{ speaker: 'Optimist', text: 'The house is worth 80,000 times 2.5, so 200,000. Minus 130,000 leaves 70,000.', answer: '70000' }, { speaker: 'Skeptic', text: `150 % of 80,000 is 120,000, and he spent 130,000. ${LONG}`, answer: '-10000' }, { speaker: 'Accountant', text: 'The repairs count as value.', answer: '195000' }],
    [{ speaker: 'Optimist', text: 'Increased by 150 % means plus 120,000.', answer: '70000' }, { speaker: 'Skeptic', text: 'Agreed: the rise is on top of the price.', answer: '70000' }, { speaker: 'Accountant', text: 'I hold that the base is price and repairs.', answer: '195000' }],
  ] },
  refinement: { type: 'refinement', versions: [
    { draft: DRAFT, critique: 'The rise of 150 % is on top of the price; you took it as the new value.', score: 4 }, { draft: BETTER, critique: 'Every number follows.', score: 9 }, { draft: BETTER, critique: '' },
  ] },
  ballots: { type: 'ballots', winner: '70000', ballots: [
    { voter: 'sample 1', choice: '-10000', reason: 'Value is 120,000.' }, { voter: 'sample 2', choice: '70000', reason: LONG }, { voter: 'sample 3', choice: '70000' }, { voter: 'sample 4', choice: '195000', weight: 0.5 }, { voter: 'sample 5', choice: '70000' },
  ] },
  chat: { type: 'chat', messages: [
    { speaker: 'Manager', text: 'Who has the figures for October?', to: 'Analyst' }, { speaker: 'Analyst', text: '1,204 orders, 3 % returned.' }, { speaker: 'Analyst', text: LONG }, { speaker: 'Writer', text: 'Then the headline is “Returns fall to 3 %”.', to: 'Manager' },
  ] },
  table: { type: 'table', title: 'Bids', columns: ['Agent', 'Price', 'Can do it', 'Why'], rows: [['Ada', 0.0031, true, 'Knows SQL'], ['Ben', 0.002, false, LONG], ['Cleo', 1204, true, null]] },
  graph: { type: 'graph', title: 'What is known', nodes: [
    { id: 'josh', label: 'Josh', group: 'person' }, { id: 'house', label: 'The house', group: 'thing' }, { id: 'rep', label: 'Repairs', group: 'work' }, { id: 'acme', label: 'Acme Renovations Limited', group: 'company' }, { id: 'x', label: 'Lone fact' },
  ], edges: [{ source: 'josh', target: 'house', label: 'bought' }, { source: 'acme', target: 'rep', label: 'did' }, { source: 'rep', target: 'house', label: 'raised the value of' }, { source: 'house', target: 'josh', label: 'belongs to' }] },
  'empty plan': { type: 'plan', goal: '', steps: [] }, 'empty search': { type: 'search', nodes: [], best: '', summary: '' }, 'empty debate': { type: 'debate', rounds: [] }, 'empty refinement': { type: 'refinement', versions: [] },
  'empty ballots': { type: 'ballots', ballots: [], winner: '' }, 'empty chat': { type: 'chat', messages: [] }, 'empty table': { type: 'table', title: 'Ledger', columns: ['Fact'], rows: [] }, 'empty graph': { type: 'graph', title: 'Known', nodes: [], edges: [] },
}
