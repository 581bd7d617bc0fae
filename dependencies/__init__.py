"""What faqbot is built from: the locked versions, and the programs that renew and check them.

`torch.txt` names the release of PyTorch; it is moved by hand and has no hash, since PyTorch has several builds. `make
lock` writes the others: `build.txt` builds faqbot, `run.txt` runs it, `dev.txt` is what tests and linters need beyond
that, `benchmark.txt` what benchmarks are measured against. None names a registry: pip takes the one that it is set to.
"""
