package battery

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

func goVersion() string { return strings.TrimPrefix(runtime.Version(), "go") }

// cpu names the processor as the system does, where it does, and how many of
// its threads there are.
func cpu() string {
	name := runtime.GOOS + "/" + runtime.GOARCH
	if b, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(b)) {
			if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
				name = strings.TrimSpace(value)
				break
			}
		}
	}
	return fmt.Sprintf("%s, %d threads", name, runtime.NumCPU())
}
