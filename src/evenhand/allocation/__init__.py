"""From needs and lots to a plan. The only place that calls a solver.

`problem` turns sound tables into exact integers, `eligibility` finds who may have what, `split` cuts the problem where
lots cannot reach, `whole` and `divisible` find the level at which a block's lots are used up, `pour` says which lot goes
where. `bounded` handles packs of different worth, smallest shipments and lot limits (`rounding`, `leftovers`, `lifting`,
`moves`, `closing`). `proof` checks every plan before it leaves; `outcome` and `record` put it into tables and files.
Why it is right and fast: docs/mechanisms/how-the-plan-is-found.md.
"""
