"""Why a plan is as it is, in sentences: a recipient's reasons, what would raise it, how two plans differ.

Called by `evenhand.plan` and by the report. `explain` (with its parts) tells one recipient's story; `remedies` and
`scenarios` solve changed rounds through `allocation`, the same way as any round; `comparison` sets two plans, or a plan and
what really happened, side by side; `notes` adds what a careful secretary would; `wording` writes numbers and lists.
"""
