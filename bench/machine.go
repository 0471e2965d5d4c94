package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// Machine names where figures come from.
type Machine struct {
	When   string   `json:"when"`
	CPU    string   `json:"cpu"`
	Cores  int      `json:"cores"`
	Memory string   `json:"memory"`
	System string   `json:"system"`
	Go     string   `json:"go"`
	Load   []string `json:"load"` // 1-minute load average before each part
}

func here() *Machine {
	m := &Machine{
		When: time.Now().Format("2006-01-02 15:04"), Cores: runtime.NumCPU(),
		System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(),
		CPU: field("/proc/cpuinfo", "model name"), Memory: "?",
	}
	var kib float64
	if _, err := fmt.Sscan(field("/proc/meminfo", "MemTotal"), &kib); err == nil {
		m.Memory = fmt.Sprintf("%.0f GiB", kib/(1<<20))
	}
	if name := field("/etc/os-release", "PRETTY_NAME"); name != "?" {
		m.System = strings.Trim(name, `"`) + ", " + m.System
	}
	return m
}

// busy notes how many processes wanted a core just now.
func (m *Machine) busy(part string) {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return
	}
	if one, _, ok := strings.Cut(string(data), " "); ok {
		m.Load = append(m.Load, part+" "+one)
	}
}

func (m *Machine) String() string {
	return fmt.Sprintf("%s, %d cores, %s, %s, %s; %s; load average before each part: %s",
		m.CPU, m.Cores, m.Memory, m.System, m.Go, m.When, strings.Join(m.Load, ", "))
}

// field is what a line "name : value" or "name=value" of a file says, "?" if none does.
func field(file, name string) string {
	f, err := os.Open(file)
	if err != nil {
		return "?"
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if key, value, ok := cutAny(lines.Text()); ok && key == name {
			return value
		}
	}
	return "?"
}

func cutAny(line string) (key, value string, ok bool) {
	i := strings.IndexAny(line, ":=")
	if i < 0 {
		return "", "", false
	}
	return strings.TrimSpace(line[:i]), strings.TrimSpace(line[i+1:]), true
}
