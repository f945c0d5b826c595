package chart

import (
	"fmt"
	"strconv"
)

// Number writes a count as people do: 512, 10k, 100M.
func Number(v float64) string {
	for _, unit := range []struct {
		name string
		size float64
	}{{"G", 1e9}, {"M", 1e6}, {"k", 1e3}} {
		if v >= unit.size {
			return short(v/unit.size) + unit.name
		}
	}
	return short(v)
}

// Duration writes nanoseconds in the unit that fits.
func Duration(ns float64) string {
	for _, unit := range []struct {
		name string
		size float64
	}{{"s", 1e9}, {"ms", 1e6}, {"µs", 1e3}} {
		if ns >= unit.size*(1-1e-9) {
			return short(ns/unit.size) + " " + unit.name
		}
	}
	return short(ns) + " ns"
}

// Bytes writes a number of bytes, which may be a fraction.
func Bytes(v float64) string { return short(v) + " B" }

// Times writes a ratio.
func Times(v float64) string {
	if v >= 9.95 {
		return fmt.Sprintf("%.0f×", v)
	}
	return strconv.FormatFloat(v, 'g', 2, 64) + "×"
}

// short writes three significant digits at most.
func short(v float64) string { return strconv.FormatFloat(v, 'g', 3, 64) }
