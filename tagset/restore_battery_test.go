//go:build battery

package tagset_test

import "testing"

// The whole of what the default tests sample.

func TestBatteryEveryBitFlipped(t *testing.T) { flipBits(t, snapshot(t, lineageSample(t).View()), 1, 1) }

func TestBatteryEveryTruncation(t *testing.T) { cutShort(t, snapshot(t, lineageSample(t).View()), 1) }
