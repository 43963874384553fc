"""JSON: documents written and read with the library's json."""
import json


def document(n):
    return {
        "name": "measurements",
        "ok": True,
        "nothing": None,
        "rows": [
            {"id": i, "x": i / 7, "label": f"row {i}", "tags": ["a", "b\n", "\u00e9"], "nested": {"k": [i, -i, i * 1e10]}}
            for i in range(n)
        ],
    }


def run(n, rounds):
    doc = document(n)
    size = 0
    for _ in range(rounds):
        text = json.dumps(doc)
        size += len(text)
        back = json.loads(text)
        assert back == doc
    pretty = json.dumps(doc, indent=2, sort_keys=True, ensure_ascii=False)
    return size, len(pretty), len(json.loads(pretty)["rows"])


print(run(2000, 15))
