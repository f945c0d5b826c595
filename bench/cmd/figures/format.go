package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// duration has three digits.
func duration(ns float64) string {
	switch {
	case ns < 999.5:
		return digits(ns) + " ns"
	case ns < 999.5e3:
		return digits(ns/1e3) + " µs"
	case ns < 999.5e6:
		return digits(ns/1e6) + " ms"
	}
	return digits(ns/1e9) + " s"
}

func digits(x float64) string {
	switch {
	case x < 9.995:
		return fmt.Sprintf("%.2f", x)
	case x < 99.95:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.0f", x)
}

// times is a ratio: two decimals, none from twenty on, two digits from a thousand on.
func times(x float64) string {
	switch {
	case x < 19.995:
		return fmt.Sprintf("%.2f", x)
	case x < 999.5:
		return fmt.Sprintf("%.0f", x)
	}
	return grouped(int(twoDigits(x)))
}

// won is a ratio in bold where its digits are above one.
func won(x float64) string {
	if x >= 1.005 {
		return "**" + times(x) + "**"
	}
	return times(x)
}

// roughly is a ratio of two digits, in bold where they are above one: 0.85, 1.0, **1.2**, **37**, **15,000**.
func roughly(x float64) string {
	switch {
	case x < 0.995:
		return fmt.Sprintf("%.2f", x)
	case x < 1.05:
		return "1.0"
	case x < 9.95:
		return fmt.Sprintf("**%.1f**", x)
	}
	return "**" + grouped(int(twoDigits(x))) + "**"
}

func twoDigits(x float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(x))-1)
	return math.Round(x/unit) * unit
}

// grouped puts commas between thousands.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// count reads a size such as 50k or 1M.
func count(size string) (float64, error) {
	factor := 1.0
	if d, ok := strings.CutSuffix(size, "k"); ok {
		size, factor = d, 1e3
	} else if d, ok := strings.CutSuffix(size, "M"); ok {
		size, factor = d, 1e6
	}
	n, err := strconv.ParseFloat(size, 64)
	return n * factor, err
}
