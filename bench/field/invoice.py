"""An invoice calculator that formats money: Decimal, rounding half up, columns, discounts, tax groups."""
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Iterable

CENT = Decimal("0.01")


def money(amount: Decimal, currency: str = "EUR") -> str:
    return f"{amount.quantize(CENT, ROUND_HALF_UP):,} {currency}"


@dataclass(frozen=True)
class Line:
    text: str
    quantity: Decimal
    price: Decimal
    tax: Decimal = Decimal("0.19")
    discount: Decimal = Decimal(0)

    @property
    def net(self) -> Decimal:
        return (self.quantity * self.price * (1 - self.discount)).quantize(CENT, ROUND_HALF_UP)


@dataclass
class Invoice:
    number: int
    customer: str
    lines: list[Line] = field(default_factory=list)

    def add(self, text, quantity, price, **more):
        more = {k: Decimal(v) for k, v in more.items()}
        self.lines.append(Line(text, Decimal(quantity), Decimal(price), **more))
        return self

    def taxes(self) -> dict[Decimal, Decimal]:
        groups: dict[Decimal, Decimal] = {}
        for line in self.lines:
            groups[line.tax] = groups.get(line.tax, Decimal(0)) + line.net
        return {rate: (net * rate).quantize(CENT, ROUND_HALF_UP) for rate, net in sorted(groups.items())}

    @property
    def net(self) -> Decimal:
        return sum((line.net for line in self.lines), Decimal(0))

    def rows(self) -> Iterable[str]:
        yield f"Invoice {self.number:06d} for {self.customer}"
        yield f"{'':-<64}"
        for i, line in enumerate(self.lines, 1):
            less = f"-{line.discount:.0%}" if line.discount else ""
            yield f"{i:>2} {line.text:<24.24}{line.quantity:>8} x {line.price:>9,.2f} {less:>4} {money(line.net):>14}"
        yield f"{'net':<48}{money(self.net):>16}"
        for rate, tax in self.taxes().items():
            yield f"{'tax ' + format(rate, '.1%'):<48}{money(tax):>16}"
        yield f"{'total':<48}{money(self.net + sum(self.taxes().values())):>16}"


invoice = Invoice(4711, "Caf\u00e9 M\u00fcller & S\u00f6hne")
invoice.add("Espresso machine", 1, "1234.565").add("Beans, 1 kg", "12.5", "18.99", tax="0.07")
invoice.add("Cups (box of a very long description)", 40, "2.495", discount="0.15").add("Repair, hours", "3.25", "89")
print(*invoice.rows(), sep="\n")
print(invoice.lines[0], invoice.lines[0] == Line("Espresso machine", Decimal(1), Decimal("1234.565")))
try:
    invoice.lines[0].price = 5
except AttributeError as e:
    print(type(e).__name__, e)
print(money(Decimal("-0.005")), money(Decimal("1e6"), "USD"), round(2.675, 2), Decimal("2.675").quantize(CENT, ROUND_HALF_UP))
print(f"{1234567.891:,.2f} {0.1 + 0.2:.17f} {1e-5:g} {255:#06x} {-3:+05d} {2**70:_} {0.5:.0%} {'mid':*^9}")
