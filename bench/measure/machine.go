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
	Class      string `json:"cpu_class"` // v1, AVX2 or AVX-512; other architectures by name
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

// class names what vector code may run here, by the features that roaring's and our kernels ask for.
func class() string {
	switch {
	case runtime.GOARCH != "amd64":
		return runtime.GOARCH
	case cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512VPOPCNTDQ:
		return "AVX-512"
	case cpu.X86.HasAVX2 && cpu.X86.HasBMI2:
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
