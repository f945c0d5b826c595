package main

import (
	"fmt"
	"math"
	"strconv"
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

// times has two digits below a hundred and three above: × 0.85, × 12, × 3,400.
func times(x float64) string {
	switch {
	case x < 9.95:
		return fmt.Sprintf("× %.*f", map[bool]int{true: 2, false: 1}[x < 0.995], x)
	case x < 99.5:
		return fmt.Sprintf("× %.0f", x)
	}
	unit := math.Pow(10, math.Floor(math.Log10(x))-1)
	return "× " + grouped(int(math.Round(x/unit)*unit))
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

// grouped puts commas between thousands.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
