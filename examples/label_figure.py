"""Draw which label each outlet uses for one thing, and in whose words (the README's picture).

Run it from the top folder:  python examples/label_figure.py seeds/ labels.png
"""

import sys

import bias_toolkit as bt

articles, out = sys.argv[1:] or ("seeds/", "labels.png")
comparisons = bt.compare_all(bt.profile(articles))
axes = bt.plots.labels(comparisons, referent="the action of 19-20 September 2023")
bt.plots.save(axes.figure, out)
print("Figure:", out)
