package report

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// browser runs a headless chromium on a file; it is skipped where there is
// none. It returns the page as it stands after its scripts, and what the page
// wrote on its console.
func browser(t *testing.T, file string, flags ...string) (dom, console string) {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser takes seconds")
	}
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Skip("no chromium in PATH (Debian: apt-get install chromium)")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	args := append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
		"--disable-sync", "--user-data-dir=" + t.TempDir(), "--enable-logging=stderr", "--v=0", "--window-size=1280,2000",
	}, flags...)
	cmd := exec.CommandContext(ctx, path, append(args, "file://"+file)...)
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, log.String())
	}
	for _, l := range strings.Split(log.String(), "\n") {
		if strings.Contains(l, "CONSOLE") {
			console += l + "\n"
		}
	}
	return out.String(), console
}

// probe is added to a copy of the page: it waits until the page is drawn,
// works its controls, takes what its buttons would save, and leaves it in the
// page.
const probe = `<script>
(function () {
  var saved = {}, blobs = [], errors = [];
  window.addEventListener('error', function (e) { errors.push(e.message); });
  URL.createObjectURL = function (b) { blobs.push(b); return 'data:,'; };
  HTMLAnchorElement.prototype.click = function () { saved[this.download] = blobs.length ? blobs.pop() : this.href.slice(0, 22); };
  function press(el, text) {
    Array.prototype.forEach.call(el.querySelectorAll('button'), function (b) { if (b.textContent.indexOf(text) >= 0) b.click(); });
  }
  function wait() {
    if (document.documentElement.dataset.ready !== 'yes') { setTimeout(wait, 20); return; }
    var any = document.getElementById('any-week'), result = { places: [] };
    if (any && !any.hidden) {
      var selects = function () { return any.querySelectorAll('select'); };
      var choose = function (s, v) { s.value = v; s.dispatchEvent(new Event('change')); };
      choose(selects()[0], '1');
      result.places.push(any.querySelector('.live').getAttribute('aria-label'));
      choose(selects()[1], 'y');
      result.places.push(any.querySelector('.live').getAttribute('aria-label'));
      choose(selects()[0], '0');
      choose(selects()[1], 'w0');
      press(any, 'later');
      result.places.push(any.querySelector('.live').getAttribute('aria-label'));
      press(any, 'earlier');
      // Hiding the sun in the legend takes its rectangles out and lets the rest
      // of the stack down.
      var chart = echarts.getInstanceByDom(any.querySelector('.live'));
      var noon = function (name) {
        return chart.getOption().series.filter(function (x) { return x.type === 'custom' && x.name === name; })[0].data.filter(function (d) { return new Date(d[0]).getUTCHours() === 12; });
      };
      result.before = [noon('solar').length, noon('valley line')[0][2]];
      chart.dispatchAction({ type: 'legendToggleSelect', name: 'solar' });
      result.after = [noon('solar').length, noon('valley line')[0][2]];
      chart.dispatchAction({ type: 'legendToggleSelect', name: 'solar' });
    }
    Array.prototype.forEach.call(document.querySelectorAll('figure'), function (f) {
      press(f, 'CSV');
      press(f, 'Save picture');
      press(f, 'Static');
      press(f, 'Interactive');
      var d = f.querySelector('details');
      if (d) d.open = true;
    });
    var names = Object.keys(saved);
    Promise.all(names.map(function (n) { return typeof saved[n] === 'string' ? saved[n] : saved[n].text(); })).then(function (texts) {
      result.saved = {};
      names.forEach(function (n, i) { result.saved[n] = texts[i].slice(0, 40000); });
      result.errors = errors;
      result.drawn = document.documentElement.dataset.drawn;
      result.canvases = document.querySelectorAll('.live canvas').length;
      var pre = document.createElement('pre');
      pre.id = 'result';
      pre.textContent = JSON.stringify(result);
      document.body.appendChild(pre);
    });
  }
  wait();
})();
</script>`

type probed struct {
	Places   []string
	Saved    map[string]string
	Errors   []string
	Drawn    string
	Canvases int

	Before, After []float64 // hiding the sun: its rectangles at noon, and the foot of the line's
}

func probePage(t *testing.T, dir string, opts Options) (probed, string) {
	t.Helper()
	path, err := Write(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copyAt := filepath.Join(t.TempDir(), "probe.html")
	end := bytes.LastIndex(raw, []byte("</body>")) // the library has the word too
	raw = append(append(append([]byte(nil), raw[:end]...), probe...), raw[end:]...)
	if err := os.WriteFile(copyAt, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	dom, console := browser(t, copyAt, "--virtual-time-budget=20000", "--dump-dom")
	doc, err := html.Parse(strings.NewReader(dom))
	if err != nil {
		t.Fatal(err)
	}
	var out probed
	for _, pre := range all(doc, "pre") {
		if attr(pre, "id") == "result" {
			if err := json.Unmarshal([]byte(words(pre)), &out); err != nil {
				t.Fatal(err)
			}
			return out, console
		}
	}
	t.Fatalf("the page was not drawn to its end; console: %s", console)
	return out, console
}

// The page opens without a word on the console, in both renderings, and its
// buttons save what it shows.
func TestInABrowser(t *testing.T) {
	p := newPark(24 * 60)
	dir := p.write(t, nil)
	for _, plain := range []bool{true, false} {
		lib, err := library()
		if err != nil {
			t.Fatal(err)
		}
		if !plain && lib == "" {
			t.Log("built without the plotting library (make deps build): only the static page was opened")
			continue
		}
		got, console := probePage(t, dir, Options{Plain: plain})
		if console != "" || len(got.Errors) > 0 {
			t.Errorf("plain %v: console %s %v", plain, console, got.Errors)
		}
		if plain {
			if got.Canvases != 0 {
				t.Errorf("%d canvases in a static page", got.Canvases)
			}
			for _, want := range []string{"dispatch-0-0.csv", "heat-0.csv", "waterfall.csv", "waterfall.svg", "sankey-energy.csv", "store-1.csv", "map.svg"} {
				if got.Saved[want] == "" {
					t.Errorf("the static page does not save %s", want)
				}
			}
			checkWeek(t, p, got.Saved["dispatch-0-0.csv"])
			continue
		}
		if n, _ := strconv.Atoi(got.Drawn); n < 18 || got.Canvases < n {
			t.Errorf("%s pictures drawn, %d canvases", got.Drawn, got.Canvases)
		}
		if len(got.Places) != 3 || !strings.Contains(got.Places[0], "Phongsaly north") || !strings.Contains(got.Places[1], "Whole year") || !strings.Contains(got.Places[2], "Oudomxay park, 8 to 14 January 2030") {
			t.Errorf("the controls showed %q", got.Places)
		}
		if len(got.Before) != 2 || len(got.After) != 2 || got.Before[0] != 7 || got.After[0] != 0 || !(got.After[1] < got.Before[1]) {
			t.Errorf("hiding the sun: %v, then %v", got.Before, got.After)
		}
		for name, want := range map[string]string{"any-week.csv": "start,", "any-week.png": "data:image/png;base64,", "heat-0.csv": "day,", "map.png": "data:image/png;base64,", "built-0.csv": "name,", "sankey-energy.csv": "From,To,"} {
			if s := strings.TrimPrefix(got.Saved[name], "\ufeff"); !strings.HasPrefix(s, want) {
				t.Errorf("%s begins %.40q, want %q", name, s, want)
			}
		}
		checkWeek(t, p, got.Saved["any-week.csv"])
	}
}

// checkWeek compares an exported week with the tables: the column of the sun,
// hour by hour, at the five significant digits that are saved (and the 16 bits carried).
func checkWeek(t *testing.T, p *park, csv string) {
	t.Helper()
	lines := strings.Split(strings.TrimPrefix(csv, "\ufeff"), "\r\n")
	col := -1
	for i, h := range strings.Split(lines[0], ",") {
		if h == "solar [MW]" {
			col = i
		}
	}
	if col < 0 || len(lines) < 1+7*24 {
		t.Fatalf("%d lines, head %.200q", len(lines), lines[0])
	}
	sun := map[string]float64{}
	for _, f := range p.tables.Flows {
		if f.Asset == "solar" {
			at := p.start.Add(time.Duration(f.Step) * time.Hour)
			sun[at.Format("2006-01-02T15:04-07:00")] = f.Rate
		}
	}
	positive := 0
	for _, l := range lines[1 : 1+7*24] {
		c := strings.Split(l, ",")
		v, err := strconv.ParseFloat(c[col], 64)
		if err != nil {
			t.Fatalf("%q", l)
		}
		if want := sun[c[0]]; math.Abs(v-want) > 7e-5*want+1e-4 {
			t.Fatalf("%s: sun %v, want %v", c[0], v, want)
		}
		if v > 0 {
			positive++
		}
	}
	if positive < 7*8 {
		t.Errorf("sun in only %d hours of a week", positive)
	}
}

// Print shows the static pictures, all of them and nothing else, whatever the
// screen shows: the style for print is tried on the screen.
func TestPrints(t *testing.T) {
	if lib, err := library(); err != nil || lib == "" {
		t.Skip("built without the plotting library (make deps build): the screen shows what is printed")
	}
	dir := newPark(24*60).write(t, nil)
	path, err := Write(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	look := `<script>(function wait() {
  if (document.documentElement.dataset.ready !== 'yes') { setTimeout(wait, 20); return; }
  function seen(sel) { return Array.prototype.filter.call(document.querySelectorAll(sel), function (e) { return e.getClientRects().length > 0; }).length; }
  var pre = document.createElement('pre');
  pre.id = 'result';
  pre.textContent = JSON.stringify({ still: seen('.still svg'), stills: document.querySelectorAll('.still svg').length, live: seen('.live'), controls: seen('button,select,nav,summary') });
  document.body.appendChild(pre);
})();</script>`
	end := bytes.LastIndex(raw, []byte("</body>"))
	raw = append(append(append([]byte(nil), raw[:end]...), look...), raw[end:]...)
	if n := bytes.Count(raw, []byte("@media print{")); n != 1 {
		t.Fatalf("%d styles for print", n)
	}
	for _, c := range []struct {
		media string
		print bool
	}{{"@media print{", false}, {"@media all{", true}} {
		copyAt := filepath.Join(t.TempDir(), "print.html")
		if err := os.WriteFile(copyAt, bytes.Replace(raw, []byte("@media print{"), []byte(c.media), 1), 0o644); err != nil {
			t.Fatal(err)
		}
		dom, _ := browser(t, copyAt, "--virtual-time-budget=20000", "--dump-dom")
		doc, err := html.Parse(strings.NewReader(dom))
		if err != nil {
			t.Fatal(err)
		}
		var got struct{ Still, Stills, Live, Controls int }
		for _, pre := range all(doc, "pre") {
			if err := json.Unmarshal([]byte(words(pre)), &got); err != nil {
				t.Fatal(err)
			}
		}
		if c.print && (got.Still != got.Stills || got.Still < 15 || got.Live != 0 || got.Controls != 0) {
			t.Errorf("print shows %+v", got)
		}
		if !c.print && (got.Still != 0 || got.Live < 15 || got.Controls == 0) {
			t.Errorf("the screen shows %+v", got)
		}
	}
}
