"""A short run of fuzz_index.py."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.argv[1:] = ["3", "7"]
import fuzz_index

fuzz_index.main()
