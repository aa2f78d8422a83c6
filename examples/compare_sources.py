"""Compare every pair of outlets in a folder of articles, and write a report.

Run it from the top folder:  python examples/compare_sources.py seeds/ report/
"""

import sys

import bias_toolkit as bt

articles, out = sys.argv[1:] or ("seeds/", "report/")
comparisons = bt.compare_all(bt.profile(articles))
for pair in comparisons:
    print(f"{pair.a} and {pair.b}:", *pair.facts.warnings[:1])
quoted = comparisons.mentions.query("voice == 'partial'")  # labels that stand in quoted fragments
print(quoted[["outlet", "label", "speaker"]].to_string(index=False))
print("Report:", bt.report(comparisons, out))
