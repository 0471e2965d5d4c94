package unit

import (
	"math/big"
	"math/bits"
)

// ratio is the exact positive number num/den * 2^e2 * 5^e5, with num and den
// coprime to 10 and to each other. The form is unique, so equal numbers are
// equal structs, and decimals with many zeros stay small.
type ratio struct {
	num, den uint64
	e2, e5   int32
}

var one = ratio{num: 1, den: 1}

// newRatio is n * 10^exp; n > 0.
func newRatio(n uint64, exp int32) ratio {
	r := ratio{num: n, den: 1, e2: exp, e5: exp}
	z := bits.TrailingZeros64(r.num)
	r.num >>= z
	r.e2 += int32(z)
	for r.num%5 == 0 {
		r.num /= 5
		r.e5++
	}
	return r
}

func (r ratio) inverse() ratio { return ratio{r.den, r.num, -r.e2, -r.e5} }

// times is false when the product does not fit.
func (r ratio) times(s ratio) (ratio, bool) {
	a, b := gcd(r.num, s.den), gcd(s.num, r.den)
	hn, num := bits.Mul64(r.num/a, s.num/b)
	hd, den := bits.Mul64(r.den/b, s.den/a)
	return ratio{num, den, r.e2 + s.e2, r.e5 + s.e5}, hn == 0 && hd == 0
}

func gcd(a, b uint64) uint64 {
	if a == 1 || b == 1 {
		return 1
	}
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// rat is r as a big.Rat.
func (r ratio) rat() *big.Rat {
	num, den := new(big.Int).SetUint64(r.num), new(big.Int).SetUint64(r.den)
	for _, p := range [2]struct {
		base int64
		exp  int32
	}{{2, r.e2}, {5, r.e5}} {
		if p.exp >= 0 {
			num.Mul(num, power(p.base, p.exp))
		} else {
			den.Mul(den, power(p.base, -p.exp))
		}
	}
	return new(big.Rat).SetFrac(num, den)
}

func power(base int64, exp int32) *big.Int {
	return new(big.Int).Exp(big.NewInt(base), big.NewInt(int64(exp)), nil)
}

// factor is an exact positive factor of any size: big where a ratio does not
// hold it.
type factor struct {
	ratio
	big *big.Rat
}

func (f factor) times(g factor) factor {
	if f.big == nil && g.big == nil {
		if r, ok := f.ratio.times(g.ratio); ok {
			return factor{ratio: r}
		}
	}
	return factor{big: new(big.Rat).Mul(f.rat(), g.rat())}
}

func (f factor) inverse() factor {
	if f.big == nil {
		return factor{ratio: f.ratio.inverse()}
	}
	return factor{big: new(big.Rat).Inv(f.big)}
}

func (f factor) rat() *big.Rat {
	if f.big == nil {
		return f.ratio.rat()
	}
	return f.big
}
