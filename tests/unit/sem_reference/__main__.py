"""Record lavaan's answers for the published cases."""

import json

from sem_reference import RECORDED, ask_lavaan, published_cases

answers = ask_lavaan(published_cases())
RECORDED.write_text(json.dumps(answers, indent=0, sort_keys=True) + "\n")
print(f"{len(answers)} cases recorded in {RECORDED}")
