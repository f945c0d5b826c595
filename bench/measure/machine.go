package measure

import (
	"bufio"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"golang.org/x/sys/cpu"
)

// A Machine is where a report was made; ratios compare only within one class of processor.
type Machine struct {
	Class      string `json:"cpu_class"` // v1, AVX2, AVX-512 or AVX-512 in part; other architectures by name
	Model      string `json:"cpu_model"` // empty where the system does not tell
	Go         string `json:"go"`
	GOAMD64    string `json:"goamd64,omitempty"` // what the compiler was allowed to use
	OS         string `json:"os"`
	Arch       string `json:"arch"`
	CPUs       int    `json:"cpus"`
	GOMAXPROCS int    `json:"gomaxprocs"` // at the start; rows are measured with their own
}

// This machine.
func This() Machine {
	m := Machine{
		Class: class(), Model: model(), Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH,
		CPUs: runtime.NumCPU(), GOMAXPROCS: runtime.GOMAXPROCS(0),
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "GOAMD64" {
				m.GOAMD64 = s.Value
			}
		}
	}
	return m
}

// class names what vector code runs here, ours and the rivals'. Skylake-X and its like, which have
// the older half of AVX-512, are AVX2: nobody uses that half. roaring asks for VPOPCNTDQ and VBMI2
// one by one, and our kernels for all they need, so that a processor, or GODEBUG, that gives some of
// it only is a class of its own, whose ratios compare with no other's.
func class() string {
	x := &cpu.X86
	switch {
	case runtime.GOARCH != "amd64":
		return runtime.GOARCH
	case x.HasAVX512F && x.HasAVX512BW && x.HasAVX512DQ && x.HasAVX512VL &&
		x.HasAVX512VPOPCNTDQ && x.HasAVX512VBMI && x.HasAVX512VBMI2:
		return "AVX-512"
	case x.HasAVX512VPOPCNTDQ || x.HasAVX512VBMI2:
		return "AVX-512 in part"
	case x.HasAVX2 && x.HasBMI1 && x.HasBMI2 && x.HasPOPCNT:
		return "AVX2"
	}
	return "v1"
}

func model() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if name, value, ok := strings.Cut(s.Text(), ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
