package highs

import (
	"fmt"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"

	"example.org/busbar/internal/foreign"
)

// place is where the library may lie.
var place = foreign.Library{Variable: "BUSBAR_HIGHS", Folder: "highs", Names: libraryNames()}

// libraryNames are the names under which HiGHS's library goes on this system,
// best first: as the Python package has it, then as system packages have it.
func libraryNames() []string {
	switch runtime.GOOS {
	case "windows":
		return []string{"highs.dll", "libhighs.dll"}
	case "darwin":
		return []string{"libhighs.1.dylib", "libhighs.dylib"}
	}
	return []string{"libhighs.so.1", "libhighs.so"}
}

// Constants of HiGHS's C interface (highs_c_api.h of HiGHS 1.15).
const (
	runError = -1

	formatColumns  = 1
	hessianLower   = 1
	minimise       = 1
	typeContinuous = 0
	typeInteger    = 1

	modelEmpty       = 6
	modelOptimal     = 7
	modelInfeasible  = 8
	modelEither      = 9 // unbounded or infeasible
	modelUnbounded   = 10
	modelTimeLimit   = 13
	modelIterations  = 14
	modelUnknown     = 15
	modelSolutions   = 16
	modelInterrupted = 17

	callbackLogging           = 0
	callbackSimplexInterrupt  = 1
	callbackInteriorInterrupt = 2
	callbackMIPImproved       = 4
	callbackMIPLogging        = 5
	callbackMIPInterrupt      = 6

	logWarning = 4
	logError   = 5

	pointFeasible = 2 // of info primal_solution_status
	pointNone     = 0
)

// library is the part of HiGHS's C interface that a solve needs. HighsInt is
// 32 bits, which open checks.
type library struct {
	path string

	version  func() string
	create   func() uintptr
	destroy  func(uintptr)
	sizeOf   func(uintptr) uintptr
	run      func(uintptr) int32
	status   func(uintptr) int32
	infinity func(uintptr) float64

	setBool   func(h uintptr, name string, v int32) int32
	setInt    func(h uintptr, name string, v int32) int32
	setDouble func(h uintptr, name string, v float64) int32
	setString func(h uintptr, name, v string) int32

	passModel func(h uintptr, cols, rows, nonzeros, qNonzeros, aFormat, qFormat, sense int32, offset float64,
		cost, colLower, colUpper, rowLower, rowUpper *float64, aStart, aIndex *int32, aValue *float64,
		qStart, qIndex *int32, qValue *float64, integrality *int32) int32
	setSolution func(h uintptr, x, rowValue, colDual, rowDual *float64) int32

	intInfo    func(h uintptr, name string, v *int32) int32
	doubleInfo func(h uintptr, name string, v *float64) int32
	solution   func(h uintptr, x, colDual, rowValue, rowDual *float64) int32

	setCallback   func(h, callback, data uintptr) int32
	startCallback func(h uintptr, kind int32) int32
	callbackItem  func(out unsafe.Pointer, name string) unsafe.Pointer
}

// open opens the first of paths that can be opened. The error names what was
// tried, and of files that are there what is wrong with them.
func open(paths []string) (*library, error) {
	l := &library{}
	path, err := foreign.Open(paths, l.bind)
	l.path = path
	return l, err
}

func (l *library) bind(handle uintptr) error {
	for name, fn := range map[string]any{
		"version": &l.version, "create": &l.create, "destroy": &l.destroy, "getSizeofHighsInt": &l.sizeOf,
		"run": &l.run, "getModelStatus": &l.status, "getInfinity": &l.infinity,
		"setBoolOptionValue": &l.setBool, "setIntOptionValue": &l.setInt,
		"setDoubleOptionValue": &l.setDouble, "setStringOptionValue": &l.setString,
		"passModel": &l.passModel, "setSolution": &l.setSolution,
		"getIntInfoValue": &l.intInfo, "getDoubleInfoValue": &l.doubleInfo, "getSolution": &l.solution,
		"setCallback": &l.setCallback, "startCallback": &l.startCallback, "getCallbackDataOutItem": &l.callbackItem,
	} {
		purego.RegisterLibFunc(fn, handle, "Highs_"+name)
	}
	h := l.create()
	defer l.destroy(h)
	if size := int32(l.sizeOf(h)); size != 4 {
		return fmt.Errorf("its integers have %d bytes, 4 would fit", size)
	}
	return nil
}

// first is the address of a's first entry, nil where it has none.
func first[T any](a []T) *T {
	if len(a) == 0 {
		return nil
	}
	return &a[0]
}
