// Makes the pictures of the page interactive. Without this script, or without
// the plotting library, the page stays as it is and complete.
(function () {
  'use strict';
  var root = document.documentElement;
  var payload = JSON.parse(document.getElementById('payload').textContent);
  var lib = typeof echarts !== 'undefined' ? echarts : null;
  var DAY = 864e5, HOUR = 36e5;
  var INK = '#1f262d', MUTED = '#59636e', RULE = '#dfe3e6';
  var FONT = getComputedStyle(document.body).fontFamily;

  // Numbers -----------------------------------------------------------------
  function commas(s) {
    var neg = s[0] === '-', p = s.replace('-', '').split('.');
    p[0] = p[0].replace(/\B(?=(\d{3})+$)/g, ',');
    s = p.join('.');
    return neg && /[1-9]/.test(s) ? '\u2212' + s : s;
  }
  function trim(s) { return s.indexOf('.') < 0 ? s : s.replace(/\.?0+$/, ''); }
  function fmt(v) {
    if (v === null || v === undefined || isNaN(v)) return '\u2013';
    var a = Math.abs(v);
    if (a === 0) return '0';
    if (a >= 999.5) return commas(v.toFixed(0));
    if (a >= 9.995) return commas(trim(v.toFixed(1)));
    if (a >= 0.9995) return trim(v.toFixed(2)).replace('-', '\u2212');
    if (a >= 1e-4) return trim(v.toFixed(2 - Math.floor(Math.log10(a)))).replace('-', '\u2212');
    return v.toExponential(1).replace(/-/g, '\u2212');
  }
  // Braces and bars have a meaning in the labels of the library.
  function plainText(s) { return String(s).replace(/[{}|]/g, ' '); }
  function esc(s) { return String(s).replace(/[&<>"']/g, function (c) { return '&#' + c.charCodeAt(0) + ';'; }); }

  // Times: milliseconds of the study's clock, read as if they were UTC --------
  var DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
  var MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  function two(n) { return (n < 10 ? '0' : '') + n; }
  function clock(t) { var d = new Date(t); return DAYS[d.getUTCDay()] + ' ' + d.getUTCDate() + ' ' + MONTHS[d.getUTCMonth()] + ' ' + d.getUTCFullYear() + ', ' + two(d.getUTCHours()) + ':' + two(d.getUTCMinutes()); }
  function iso(t) { return new Date(t).toISOString().slice(0, 16) + (payload.offset === 'UTC' ? 'Z' : payload.offset.slice(3).replace('\u2212', '-')); }

  // The payload: three planes of bytes of float32, deflated -------------------
  function inflate() {
    if (!payload.count) return Promise.resolve(new Float32Array(0));
    if (typeof DecompressionStream === 'undefined') return Promise.reject(new Error('this browser cannot unpack the hourly data'));
    var text = atob(payload.data), bytes = new Uint8Array(text.length);
    for (var i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    return new Response(stream).arrayBuffer().then(function (buffer) {
      var planes = new Uint8Array(buffer), n = payload.count, words = new Uint32Array(n);
      for (var i = 0; i < n; i++) words[i] = planes[i] << 24 | planes[n + i] << 16 | planes[2 * n + i] << 8;
      return new Float32Array(words.buffer);
    });
  }
  var numbers = null;
  function grid(g) {
    if (!g.start) {
      g.start = [];
      g.runs.forEach(function (r) { for (var k = 0; k < r[2]; k++) g.start.push(r[0] + k * r[1]); });
      g.end = [];
      g.runs.forEach(function (r) { for (var k = 1; k <= r[2]; k++) g.end.push(r[0] + k * r[1]); });
    }
    return g;
  }
  function values(k) {
    var s = payload.series[k], n = grid(payload.grids[s.grid]).start.length;
    if (!s.v) s.v = s.at < 0 ? new Float32Array(n).fill(s.value) : numbers.subarray(s.at, s.at + n);
    return s.v;
  }
  function round(v) { return v !== null && isFinite(v) ? Number(v.toPrecision(5)) : ''; }

  // What a picture exports ----------------------------------------------------
  function tableRows(table) {
    return Array.prototype.map.call(table.rows, function (tr) {
      return Array.prototype.map.call(tr.cells, function (c) { return c.dataset.v !== undefined ? Number(c.dataset.v) : c.textContent.trim(); });
    });
  }
  function csv(rows) {
    return '\ufeff' + rows.map(function (r) {
      return r.map(function (c) {
        if (typeof c === 'number') return String(c);
        c = c === null || c === undefined ? '' : String(c);
        if (/^[=+\-@\t\r]/.test(c)) c = "'" + c; // a spreadsheet must not run a name
        return /[",\n\r]/.test(c) ? '"' + c.replace(/"/g, '""') + '"' : c;
      }).join(',');
    }).join('\r\n') + '\r\n';
  }
  function save(name, data, type) {
    var a = document.createElement('a');
    a.href = typeof data === 'string' && data.slice(0, 5) === 'data:' ? data : URL.createObjectURL(new Blob([data], { type: type }));
    a.download = name;
    document.body.appendChild(a);
    a.click();
    a.remove();
  }
  function button(text, title, act) {
    var b = document.createElement('button');
    b.type = 'button';
    b.textContent = text;
    b.title = title;
    b.addEventListener('click', act);
    return b;
  }
  function select(label, groups, value, change) {
    var l = document.createElement('label'), s = document.createElement('select');
    l.appendChild(document.createTextNode(label));
    groups.forEach(function (g) {
      var at = s;
      if (g.name) { at = document.createElement('optgroup'); at.label = g.name; s.appendChild(at); }
      g.items.forEach(function (i) { var o = document.createElement('option'); o.value = i[0]; o.textContent = i[1]; at.appendChild(o); });
    });
    s.value = value;
    s.addEventListener('change', change);
    l.appendChild(s);
    return l;
  }

  // Interactive pictures --------------------------------------------------------
  function base(spec, more) {
    var o = {
      animation: false, textStyle: { fontFamily: FONT, color: INK }, useUTC: true,
      tooltip: { confine: true, textStyle: { color: INK, fontSize: 12 }, borderColor: '#b9c0c6' }
    };
    if (spec && spec.stamp) {
      o.graphic = [{ type: 'text', right: 2, top: 2, z: 100, silent: true, style: { text: spec.stamp, fill: '#8a3d00', font: '11px ' + FONT, backgroundColor: '#fff', borderColor: '#8a3d00', borderWidth: 1, borderRadius: 3, padding: [3, 6] } }];
    }
    for (var k in more) o[k] = k === 'tooltip' ? Object.assign(o.tooltip, more.tooltip) : more[k];
    return o;
  }
  function valueAxis(name, more) {
    return Object.assign({ type: 'value', name: name, nameGap: 12, nameTextStyle: { color: MUTED, align: 'left' }, axisLabel: { color: MUTED, formatter: function (v) { return commas(String(v)); } }, splitLine: { lineStyle: { color: RULE } } }, more);
  }
  function mark(c) { return '<span style="display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:6px;background:' + esc(c) + '"></span>'; }
  function line(c, n, v, unit) { return '<div>' + mark(c) + esc(n) + '<span style="float:right;margin-left:18px;font-weight:600">' + fmt(v) + ' ' + esc(unit) + '</span></div>'; }
  function wrapLegend(names, width) {
    // Rows that a wrapped legend needs, so that the plot leaves it room.
    var rows = 1, x = 0;
    names.forEach(function (n) { var w = n.length * 6.6 + 46; if (x + w > width) { rows++; x = 0; } x += w; });
    return rows * 21 + 6;
  }
  // Room for the names at the left of rows.
  function nameWidth(names, width) {
    return Math.min(310, width * 0.42, Math.max(140, Math.max.apply(null, names.map(function (n) { return n.length * 6.8; })) + 24));
  }
  function timeLabel(t) { var d = new Date(t); return d.getUTCHours() ? two(d.getUTCHours()) + ':' + two(d.getUTCMinutes()) : d.getUTCDate() + ' ' + MONTHS[d.getUTCMonth()]; }

  // A stack is drawn as one rectangle a step and band, on whole pixels: lines
  // of the library would turn small steps into slopes and leave seams.
  function piles(s, hidden) {
    var n = s.start.length - 1, up = new Float64Array(n), down = new Float64Array(n);
    return s.bands.map(function (b, k) {
      var data = [];
      if (!hidden[b.name]) {
        for (var i = 0; i < n; i++) {
          var v = b.values[i];
          if (!v) continue;
          var edge = v > 0 ? up : down;
          data.push([s.start[i], s.start[i + 1], edge[i], edge[i] + v]);
          edge[i] += v;
        }
      }
      return {
        id: 'band' + k, name: b.name, type: 'custom', clip: true, encode: { x: [0, 1], y: [2, 3] }, itemStyle: { color: b.colour }, tooltip: { show: false }, silent: true, data: data,
        renderItem: function (params, api) {
          var a = api.coord([api.value(0), api.value(2)]), z = api.coord([api.value(1), api.value(3)]);
          var x = Math.round(a[0]), y0 = Math.round(a[1]), y1 = Math.round(z[1]);
          return { type: 'rect', shape: { x: x, y: Math.min(y0, y1), width: Math.round(z[0]) - x, height: Math.abs(y1 - y0) }, style: { fill: b.colour } };
        }
      };
    });
  }
  // Disruptions, shaded and named, between the ends of a picture.
  function spansOf(spans, from, to, width) {
    var data = (spans || []).filter(function (e) { return e.to > from && e.from < to; }).map(function (e, k) {
      return [{ name: e.name, xAxis: Math.max(e.from, from), label: { offset: [0, -2 - 13 * (k % 2)] } }, { xAxis: Math.min(e.to, to) }];
    });
    return data.length ? { silent: true, itemStyle: { color: '#f3d9d2', opacity: 0.75 }, label: { show: width > 640, position: 'top', color: '#8a2f1d', fontSize: 11 }, data: data } : undefined;
  }
  function stackOption(s, width) {
    var names = [];
    s.bands.forEach(function (b) { if (names.indexOf(b.name) < 0) names.push(b.name); });
    var series = piles(s, {});
    // What the pointer follows.
    series.push({ id: 'pointer', type: 'line', symbol: 'none', lineStyle: { opacity: 0 }, itemStyle: { opacity: 0 }, data: s.start.slice(0, -1).map(function (t) { return [t, 0]; }), markArea: spansOf(s.spans, s.start[0], s.start[s.start.length - 1], width) });
    if (s.limit) {
      names.push(s.limit.name);
      var most = s.start.slice(0, -1).map(function (t, i) { return [t, s.limit.values[i]]; });
      most.push([s.start[s.start.length - 1], most[most.length - 1][1]]);
      series.push({ id: 'limit', name: s.limit.name, type: 'line', step: 'end', symbol: 'none', silent: true, lineStyle: { width: 2, color: s.limit.colour }, itemStyle: { color: s.limit.colour }, data: most, z: 5 });
    }
    if (s.line) {
      names.push(s.line.name);
      var d = s.start.slice(0, -1).map(function (t, i) { return [t, s.line.values[i]]; });
      d.push([s.start[s.start.length - 1], d[d.length - 1][1]]);
      series.push({ id: 'halo', name: s.line.name, type: 'line', step: 'end', yAxisIndex: 1, symbol: 'none', silent: true, lineStyle: { width: 4, color: '#fff', opacity: 0.75 }, itemStyle: { color: s.line.colour }, data: d, z: 4 });
      series.push({ id: 'line', name: s.line.name, type: 'line', step: 'end', yAxisIndex: 1, symbol: 'none', lineStyle: { width: 1.6, color: s.line.colour }, itemStyle: { color: s.line.colour }, data: d, z: 5 });
    }
    var low = wrapLegend(names, width - 20);
    return base(s, {
      grid: { left: 58, right: s.line ? 58 : 20, top: (s.spans || []).length ? 66 : 46, bottom: low + 62 },
      legend: { data: names, bottom: 0, itemWidth: 12, itemHeight: 12, textStyle: { color: INK }, icon: 'roundRect' },
      dataZoom: [{ type: 'inside', filterMode: 'none' }, { type: 'slider', filterMode: 'none', bottom: low + 6, height: 18, showDetail: false, showDataShadow: false, borderColor: RULE, brushSelect: true }],
      xAxis: { type: 'time', min: s.start[0], max: s.start[s.start.length - 1], axisLabel: { color: MUTED, hideOverlap: true, formatter: timeLabel }, axisLine: { onZero: false, lineStyle: { color: '#b9c0c6' } } },
      yAxis: [valueAxis(s.unit + ' · ' + (s.label || 'supply up, use down'), (s.spans || []).length ? { nameGap: 30 } : {}), valueAxis(s.line ? s.line.name + ', ' + s.line.unit : '', { show: !!s.line, splitLine: { show: false }, nameTextStyle: { align: 'right', color: MUTED } })],
      tooltip: {
        trigger: 'axis', axisPointer: { type: 'line' },
        formatter: function (items) {
          if (!items.length) return '';
          var t = items[0].value[0], i = 0;
          while (i + 2 < s.start.length && s.start[i + 1] <= t) i++;
          var up = '', down = '', su = 0, sd = 0;
          s.bands.forEach(function (b) {
            var v = b.values[i];
            if (v > 0) { up += line(b.colour, b.name, v, s.unit); su += v; }
            if (v < 0) { down += line(b.colour, b.name, -v, s.unit); sd -= v; }
          });
          if (s.limit) return '<div style="min-width:240px"><b>' + esc(clock(s.start[i]).slice(0, -7)) + '</b>' + up + '<div style="margin-top:6px">' + line(MUTED, 'together', su, s.unit) + line(s.limit.colour, s.limit.name, s.limit.values[i], s.unit) + '</div></div>';
          return '<div style="min-width:240px"><b>' + esc(clock(s.start[i])) + '</b>' + (s.line ? line(s.line.colour, s.line.name, s.line.values[i], s.line.unit) : '') +
            '<div style="margin-top:6px;color:' + MUTED + '">Supply ' + fmt(su) + ' ' + esc(s.unit) + '</div>' + up + '<div style="margin-top:6px;color:' + MUTED + '">Use ' + fmt(sd) + ' ' + esc(s.unit) + '</div>' + down + '</div>';
        }
      },
      series: series
    });
  }

  // The left axis, and at the right the same in another unit.
  function linesAxes(s) {
    var left = valueAxis((s.y.label ? s.y.label + ', ' : '') + s.y.unit, { nameGap: (s.spans || []).length ? 30 : 12, scale: !s.y.zero, min: s.y.zero ? function (v) { return v.min >= 0 || -v.min < 0.02 * v.max ? 0 : null; } : null });
    if (s.levels) left.max = function (v) { return s.levels.reduce(function (m, l) { return Math.max(m, l.value); }, v.max) > v.max ? s.levels.reduce(function (m, l) { return Math.max(m, l.value); }, v.max) : null; };
    if (!s.right) return left;
    // Both axes have the same ends, so the left one's are computed here.
    var most = 0;
    s.curves.forEach(function (c) { c.y.forEach(function (v) { if (v > most) most = v; }); });
    (s.levels || []).forEach(function (l) { most = Math.max(most, l.value); });
    var raw = most / 4, mag = Math.pow(10, Math.floor(Math.log10(raw || 1))), step = [1, 2, 2.5, 5, 10].map(function (f) { return f * mag; }).filter(function (f) { return f >= raw * 0.999; })[0] || 1;
    left.min = 0;
    left.max = step * Math.max(1, Math.ceil(most / step - 1e-9));
    left.interval = step;
    return [left, valueAxis(s.right.unit, { nameGap: left.nameGap, min: 0, max: left.max * s.right.times, splitLine: { show: false }, nameTextStyle: { align: 'right', color: MUTED }, axisLabel: { color: MUTED, showMaxLabel: false, formatter: function (v) { return fmt(v); } } })];
  }

  var kinds = {
    columns: function (s, width) {
      var names = [];
      s.bands.forEach(function (b) { if (names.indexOf(b.name) < 0) names.push(b.name); });
      var low = wrapLegend(names, width - 20);
      return {
        height: 360 + low, option: base(s, {
          grid: { left: 58, right: 16, top: 40, bottom: low + 30 },
          legend: { data: names, bottom: 0, itemWidth: 12, itemHeight: 12 },
          xAxis: { type: 'category', data: s.categories, axisLabel: { color: MUTED }, axisLine: { onZero: false, lineStyle: { color: '#b9c0c6' } } }, yAxis: valueAxis(s.unit),
          tooltip: {
            trigger: 'axis', axisPointer: { type: 'shadow' }, formatter: function (items) {
              return '<b>' + esc(items[0].axisValue) + '</b>' + items.filter(function (i) { return i.value; }).map(function (i) { return line(i.color, i.seriesName, i.value, s.unit); }).join('');
            }
          },
          series: s.bands.map(function (b) { return { name: b.name, type: 'bar', stack: 's', barWidth: '72%', itemStyle: { color: b.colour }, data: b.values }; })
        })
      };
    },
    bars: function (s, width) {
      var n = s.bars.length, left = nameWidth(s.bars.map(function (b) { return b.name; }), width), names = [], marks = [];
      s.bars.forEach(function (b, i) { b.parts.forEach(function (p) { if (names.indexOf(p.name) < 0) names.push(p.name); }); if (b.mark !== undefined) marks.push([b.mark, i]); });
      var series = names.map(function (name, k) {
        return {
          name: name, type: 'bar', stack: 's', barWidth: 18, data: s.bars.map(function (b) {
            var p = b.parts.filter(function (p) { return p.name === name; })[0];
            return p ? { value: p.value, itemStyle: { color: p.colour, opacity: p.light ? 0.45 : 1 } } : 0;
          }),
          label: k === names.length - 1 ? { show: true, position: 'right', color: INK, formatter: function (q) { return fmt(s.bars[q.dataIndex].parts.reduce(function (a, p) { return a + p.value; }, 0)); } } : undefined
        };
      });
      if (marks.length) series.push({ name: s.mark, type: 'scatter', symbol: 'rect', symbolSize: [2, 24], itemStyle: { color: INK }, data: marks, z: 4 });
      return {
        height: n * 27 + 66, option: base(s, {
          grid: { left: left, right: 70, top: 26, bottom: 28 },
          yAxis: { type: 'category', inverse: true, data: s.bars.map(function (b) { return b.name; }), axisLabel: { color: INK, width: left - 14, overflow: 'truncate', interval: 0 }, axisTick: { show: false } },
          xAxis: valueAxis('', { position: 'bottom' }),
          tooltip: {
            trigger: 'axis', axisPointer: { type: 'shadow' }, formatter: function (items) {
              var b = s.bars[items[0].dataIndex];
              return '<b>' + esc(b.name) + '</b>' + b.parts.map(function (p) { return line(p.colour, p.name, p.value, s.unit); }).join('') + (b.mark !== undefined ? line(INK, s.mark, b.mark, s.unit) : '');
            }
          },
          series: series
        })
      };
    },
    waterfall: function (s, width) {
      var left = nameWidth(s.steps.map(function (b) { return b.name; }).concat([s.total]), width), at = 0, data = [], names = [];
      s.steps.forEach(function (st, i) { data.push({ value: [at, i, at + st.value, st.value], itemStyle: { color: st.colour } }); names.push(st.name); at += st.value; });
      data.push({ value: [0, names.length, at, at], itemStyle: { color: INK } });
      names.push(s.total);
      return {
        height: names.length * 27 + 66, option: base(s, {
          grid: { left: left, right: 76, top: 26, bottom: 28 },
          yAxis: { type: 'category', inverse: true, data: names, axisLabel: { color: INK, width: left - 14, overflow: 'truncate', interval: 0 }, axisTick: { show: false } },
          xAxis: valueAxis(''),
          tooltip: { formatter: function (q) { return line(q.color, names[q.value[1]], q.value[3], s.unit); } },
          series: [{
            type: 'custom', encode: { x: [0, 2], y: 1 }, data: data, renderItem: function (params, api) {
              var a = api.coord([api.value(0), api.value(1)]), b = api.coord([api.value(2), api.value(1)]);
              var x = Math.min(a[0], b[0]), w = Math.max(Math.abs(a[0] - b[0]), 1), v = api.value(3), last = api.value(1) === names.length - 1;
              return {
                type: 'group', children: [
                  { type: 'rect', shape: { x: x, y: a[1] - 9, width: w, height: 18 }, style: { fill: api.visual('color') } },
                  { type: 'text', style: { x: x + w + 6, y: a[1], textVerticalAlign: 'middle', text: (v > 0 && !last ? '+' : '') + fmt(v), fill: INK, font: (last ? '600 ' : '') + '12px ' + FONT } }]
              };
            }
          }]
        })
      };
    },
    lines: function (s, width) {
      var many = s.curves.length > 1, names = s.curves.map(function (c) { return c.name; }), low = many ? wrapLegend(names, width - 20) : 0;
      return {
        height: (s.low ? 210 : 370) + low + ((s.spans || []).length ? 30 : s.right ? 12 : 0), option: base(s, {
          grid: { left: 62, right: s.right ? 58 : 22, top: (s.spans || []).length ? 70 : s.right ? 52 : 40, bottom: low + (s.x.time ? 26 : 46) },
          legend: many ? { data: s.curves.map(function (c) { return { name: c.name, icon: c.dash ? 'path://M0 0h6v3h-6zM12 0h6v3h-6z' : 'path://M0 0h18v3h-18z' }; }), bottom: 0, itemWidth: 18, itemHeight: 3 } : { show: false },
          xAxis: s.x.time ? { type: 'time', splitNumber: 12, axisLabel: { color: MUTED, hideOverlap: true, formatter: function (t) { var d = new Date(t); return d.getUTCDate() === 1 ? MONTHS[d.getUTCMonth()] : d.getUTCDate() + ' ' + MONTHS[d.getUTCMonth()]; } } }
            : valueAxis(s.x.label + (s.x.unit ? ', ' + s.x.unit : ''), { nameLocation: 'middle', nameGap: 30, nameTextStyle: { align: 'center', color: MUTED }, scale: true, min: 'dataMin', max: 'dataMax', axisLabel: { color: MUTED, hideOverlap: true, formatter: function (v) { return fmt(v); } } }),
          yAxis: linesAxes(s),
          dataZoom: [{ type: 'inside' }],
          tooltip: {
            trigger: 'axis', formatter: function (items) {
              return '<b>' + esc(s.x.time ? clock(items[0].value[0]).slice(0, -7) : s.x.label + ' ' + fmt(items[0].value[0]) + ' ' + s.x.unit) + '</b>' + items.map(function (i) { return line(i.color, i.seriesName, i.value[1], s.y.unit) + (s.right ? line(i.color, '', i.value[1] * s.right.times, s.right.unit) : ''); }).join('');
            }
          },
          series: s.curves.map(function (c, k) {
            return { name: c.name, type: 'line', markArea: k ? undefined : spansOf(s.spans, c.x[0], c.x[c.x.length - 1], width), markLine: k || !s.levels ? undefined : { symbol: 'none', silent: true, lineStyle: { color: MUTED, type: 'dashed' }, data: s.levels.map(function (l) { return { yAxis: l.value, label: { formatter: plainText(l.name), position: 'insideStartBottom', color: MUTED, fontSize: 11 } }; }) }, symbol: c.points ? 'circle' : 'none', symbolSize: 8, lineStyle: { width: 2, type: c.dash ? 'dashed' : 'solid', color: c.colour }, itemStyle: { color: c.colour }, areaStyle: c.fill ? { opacity: 0.18 } : undefined, label: c.points ? { show: true, position: 'top', color: INK, formatter: function (q) { return fmt(q.value[1]); } } : undefined, data: c.x.map(function (x, i) { return c.points && (i === 0 || i === c.x.length - 1) ? { value: [x, c.y[i]], label: { align: i ? 'right' : 'left', offset: [i ? 4 : 0, 0] } } : [x, c.y[i]]; }) };
          })
        })
      };
    },
    sankey: function (s, width) {
      var wide = width > 640, depth = s.nodes.map(function () { return 0; }), deepest = 1;
      s.nodes.forEach(function () { s.links.forEach(function (l) { depth[l.to] = Math.max(depth[l.to], depth[l.from] + 1); }); });
      depth.forEach(function (d) { deepest = Math.max(deepest, d); });
      var fed = s.nodes.map(function (_, i) { return s.links.some(function (l) { return l.to === i; }); });
      var left = wide ? Math.min(170, 24 + Math.max.apply(null, s.nodes.map(function (n, i) { return fed[i] ? 0 : n.name.length * 6.8; }))) : 8;
      var right = wide ? 190 : 110, room = Math.max(50, (width - left - right - 14) / deepest - 26);
      return {
        height: Math.max(260, Math.min(720, s.nodes.length * 34)), option: base(s, {
          tooltip: {
            formatter: function (q) {
              if (q.dataType === 'edge') return esc(s.nodes[q.data.source].name) + ' to ' + esc(s.nodes[q.data.target].name) + ': <b>' + fmt(q.data.value) + ' ' + esc(s.unit) + '</b>';
              return esc(s.nodes[q.dataIndex].name) + ': <b>' + fmt(q.value) + ' ' + esc(s.unit) + '</b>';
            }
          },
          series: [{
            type: 'sankey', left: left, right: right, top: 26, bottom: 14, nodeGap: 26, nodeWidth: 14, draggable: false, emphasis: { focus: 'adjacency' },
            data: s.nodes.map(function (n, i) { return { name: String(i), itemStyle: { color: n.colour }, label: wide && !fed[i] ? { position: 'left', align: 'right', width: left - 14 } : { width: depth[i] === deepest || !s.links.some(function (l) { return l.from === i; }) ? right - 20 : room } }; }),
            links: s.links.map(function (l) { return { source: String(l.from), target: String(l.to), value: l.amount }; }),
            lineStyle: { color: 'gradient', opacity: 0.4, curveness: 0.5 },
            label: { color: INK, fontSize: 12, lineHeight: 14, overflow: 'truncate', formatter: function (q) { return s.nodes[Number(q.name)].name + '\n' + fmt(q.value); }, textBorderColor: '#fff', textBorderWidth: 3 }
          }]
        })
      };
    },
    chart: function (s, width) {
      var wide = width > 640, below = s.keys ? wrapLegend(s.keys.map(function (k) { return k.name; }), width - 20) : 0;
      var height = wide ? Math.round(width * (s.tall ? 0.83 : 0.54)) : 380, aspect = width / height;
      var lat = s.spots.map(function (p) { return p.lat; }), lon = s.spots.map(function (p) { return p.lon; });
      var a0 = Math.min.apply(null, lat), a1 = Math.max.apply(null, lat), o0 = Math.min.apply(null, lon), o1 = Math.max.apply(null, lon);
      var squeeze = Math.max(0.1, Math.cos((a0 + a1) / 2 * Math.PI / 180)), h = Math.max((a1 - a0) * (s.quiet ? 1.12 : 1.5), 0.6), w = Math.max((o1 - o0) * (s.quiet ? 1.12 : 1.7), 0.6 / squeeze);
      if (w * squeeze < h * aspect) w = h * aspect / squeeze; else h = w * squeeze / aspect;
      var la = (a0 + a1) / 2, lo = (o0 + o1) / 2, words = wide && !s.quiet;
      function axis(min, max, plus, minus) {
        return { type: 'value', min: min, max: max, axisLabel: { inside: true, color: MUTED, fontSize: 10.5, showMinLabel: false, showMaxLabel: false, hideOverlap: true, formatter: function (v) { return v > max - 0.03 * (max - min) || v < min + 0.03 * (max - min) ? '' : fmt(Math.abs(v)) + '° ' + (v < 0 ? minus : plus); } }, axisLine: { show: false }, axisTick: { show: false }, splitLine: { lineStyle: { color: '#dde4e2' } } };
      }
      // A way is a quadratic curve about its control point.
      function along(y, t) {
        var a = s.spots[y.from], b = s.spots[y.to], u = 1 - t;
        return [u * u * a.lon + 2 * t * u * y.lon + t * t * b.lon, u * u * a.lat + 2 * t * u * y.lat + t * t * b.lat];
      }
      // How far below a place its name stands, in pixels, and the thread that leads there.
      function drop(p) { return wide ? (p.down || 0) * width / 960 : 0; }
      function low(p) { return p.lat < la - h * 0.28; }
      function flips(p) { return wide ? p.left || p.lon > lo + w * 0.3 : p.lon > lo + w * 0.08; }
      function thread(p) { return { coords: [[p.lon, p.lat], [p.lon + (flips(p) ? -11 : 11) * w / width, p.lat - drop(p) * h / height]] }; }
      function curve(y) { var out = []; for (var k = 0; k <= 24; k++) out.push(along(y, k / 24)); return out; }
      var legend = (s.keys || []).map(function (k) { return { name: k.name, type: 'scatter', symbol: 'roundRect', itemStyle: { color: k.colour }, data: [] }; });
      return {
        height: height + below, option: base(s, {
          grid: { left: 1, right: 1, top: 1, bottom: below + 1, show: true, backgroundColor: '#f5f7f6', borderColor: RULE },
          legend: below ? { data: s.keys.map(function (k) { return k.name; }), bottom: 0, left: 0, itemWidth: 14, itemHeight: 12, icon: 'roundRect', selectedMode: false, textStyle: { color: INK } } : { show: false },
          xAxis: axis(lo - w / 2, lo + w / 2, 'E', 'W'), yAxis: axis(la - h / 2, la + h / 2, 'N', 'S'),
          dataZoom: [{ type: 'inside', xAxisIndex: 0, filterMode: 'none' }, { type: 'inside', yAxisIndex: 0, filterMode: 'none' }],
          tooltip: {
            formatter: function (q) {
              if (q.seriesId === 'ways' || q.seriesId === 'arrows') return '<b>' + esc(s.ways[q.dataIndex].name) + '</b><br>' + esc(s.spots[s.ways[q.dataIndex].from].name) + ' to ' + esc(s.spots[s.ways[q.dataIndex].to].name) + '<br>' + esc(s.ways[q.dataIndex].label);
              return '<b>' + esc(s.spots[q.dataIndex].name) + '</b>' + (s.spots[q.dataIndex].lines || []).map(function (l) { return '<br>' + esc(l); }).join('');
            }
          },
          series: legend.concat([{
            id: 'countries', type: 'scatter', z: 1, silent: true, symbolSize: 0, data: (s.countries || []).map(function (c) { return { value: [c.lon, c.lat], label: { show: true, position: 'inside', formatter: plainText(c.name), color: '#d3dbd8', fontSize: wide ? 34 : 22, fontWeight: 600 } }; }),
            markArea: s.strip ? { silent: true, itemStyle: { color: '#ecefee' }, label: { position: 'insideBottomLeft', color: MUTED, fontSize: 10.5 }, data: [[{ name: wide ? 'places without coordinates' : '', xAxis: s.strip }, { xAxis: lo + w / 2 }]] } : undefined
          }, {
            id: 'ways', type: 'lines', coordinateSystem: 'cartesian2d', polyline: true, z: 2,
            data: s.ways.map(function (y) { return { coords: curve(y), lineStyle: { color: y.colour, width: (1.5 + 6 * Math.sqrt(Math.min(1, y.share))) / (s.quiet ? 2 : 1), opacity: 0.8, cap: 'round' } }; })
          }, {
            // The arrow and the words of each curve.
            id: 'arrows', type: 'scatter', z: 4, data: s.ways.map(function (y) {
              var c = along(y, y.at), a = along(y, y.at - 0.02), b = along(y, y.at + 0.02), dx = (b[0] - a[0]) * squeeze, dy = b[1] - a[1];
              return { value: c, symbol: 'triangle', symbolSize: s.quiet ? 6 : 14, symbolRotate: Math.atan2(dy, dx) * 180 / Math.PI - 90, itemStyle: { color: y.colour, borderColor: '#fff', borderWidth: s.quiet ? 0.5 : 1 }, label: { show: words && !y.mute, position: y.left ? 'left' : 'right', offset: [0, y.down || 0], align: y.left ? 'right' : 'left', color: INK, fontSize: 11, lineHeight: 14, textBorderColor: '#fff', textBorderWidth: 3, formatter: '{n|' + plainText(y.name) + '}\n' + plainText(y.label), rich: { n: { fontWeight: 600, fontSize: 12, lineHeight: 15 } } } };
            })
          }, {
            id: 'threads', type: 'lines', coordinateSystem: 'cartesian2d', z: 4, silent: true, lineStyle: { color: MUTED, width: 0.8, opacity: 1 }, data: s.spots.filter(drop).map(thread)
          }, {
            id: 'spots', type: 'scatter', symbolSize: s.quiet ? 5 : 12, z: 5,
            data: s.spots.map(function (p) {
              var flip = flips(p), down = low(p);
              return { value: [p.lon, p.lat], itemStyle: p.off ? { color: '#fff', borderColor: INK, borderWidth: 2 } : { color: INK, borderColor: '#fff', borderWidth: s.quiet ? 0.7 : 2 }, label: { show: !s.quiet, position: flip ? 'left' : 'right', align: flip ? 'right' : 'left', color: INK, textBorderColor: '#fff', textBorderWidth: 3, formatter: '{n|' + plainText(p.name) + '}' + (wide && !s.dense ? p.lines || [] : []).map(function (l) { return '\n' + plainText(l); }).join(''), rich: { n: { fontSize: wide && !s.tall ? 14 : 12, fontWeight: 600, lineHeight: 18 } }, fontSize: 11, lineHeight: 14, verticalAlign: down ? 'bottom' : 'top' } };
            }),
            // A layout takes the place of the labels' own offset.
            labelLayout: function (q) { var p = s.spots[q.dataIndex]; return { dy: (low(p) ? 9 : -9) + drop(p) }; }
          }])
        })
      };
    },
    stack: function (s, width) {
      return { height: 400 + wrapLegend(s.bands.map(function (b) { return b.name; }).concat(s.limit ? [s.limit.name] : []), width - 20), option: stackOption(s, width) };
    }
  };

  function heatOf(k) {
    var s = payload.series[k], g = grid(payload.grids[s.grid]), v = values(k);
    var first = Math.floor(g.start[0] / DAY) * DAY, days = Math.ceil((Math.max(g.end[g.end.length - 1], g.end[0]) - first) / DAY);
    var sum = new Float64Array(24 * days), n = new Float64Array(24 * days);
    for (var i = 0; i < v.length; i++) {
      if (!isFinite(v[i])) continue;
      for (var h = Math.floor((g.start[i] - first) / HOUR); h < Math.ceil((g.end[i] - first) / HOUR); h++) { sum[h] += v[i]; n[h]++; }
    }
    return { first: first, days: days, unit: s.unit, name: s.name, at: function (d, h) { var c = 24 * d + h; return n[c] ? sum[c] / n[c] : NaN; } };
  }
  function heatOption(m, ramp) {
    var data = [], all = [];
    for (var d = 0; d < m.days; d++) for (var h = 0; h < 24; h++) { var v = m.at(d, h); if (!isNaN(v)) { data.push([d, h, v]); all.push(v); } }
    all.sort(function (a, b) { return a - b; });
    var q = Math.floor(all.length / 100), lo = all[q], hi = all[all.length - 1 - q];
    if (lo === hi) { lo = all[0]; hi = all[all.length - 1]; }
    if (lo === hi) hi = lo + 1;
    var names = [];
    for (d = 0; d < m.days; d++) { var t = new Date(m.first + d * DAY); names.push(t.getUTCDate() + ' ' + MONTHS[t.getUTCMonth()]); }
    return base({ stamp: payload.stamp }, {
      grid: { left: 52, right: 12, top: 28, bottom: 76 },
      xAxis: { type: 'category', data: names, axisLabel: { color: MUTED, interval: function (i) { return names[i].slice(0, 2) === '1 '; }, formatter: function (n) { return n.slice(2); } }, axisTick: { show: false } },
      yAxis: { type: 'category', data: Array.from({ length: 24 }, function (_, h) { return two(h) + ':00'; }), axisLabel: { color: MUTED, interval: 5 }, axisTick: { show: false } },
      visualMap: { min: lo, max: hi, calculable: true, orient: 'horizontal', left: 46, bottom: 0, itemHeight: 220, itemWidth: 12, text: [m.unit, ''], textStyle: { color: MUTED }, inRange: { color: ramp }, formatter: function (v) { return fmt(v); } },
      tooltip: { formatter: function (p) { return esc(clock(m.first + p.value[0] * DAY + p.value[1] * HOUR)) + '<br>' + esc(m.name) + ' <b>' + fmt(p.value[2]) + ' ' + esc(m.unit) + '</b>'; } },
      series: [{ type: 'heatmap', data: data, progressive: 0 }]
    });
  }

  function stretch(bus, first, count) {
    var g = grid(payload.grids[bus.grid]);
    var s = { stamp: payload.stamp, unit: bus.unit, spans: payload.spans, start: g.start.slice(first, first + count).concat([g.end[first + count - 1]]), bands: [] };
    bus.series.forEach(function (k) {
      var v = Array.from(values(k).subarray(first, first + count));
      if (v.some(function (x) { return x; })) s.bands.push({ name: payload.series[k].name, colour: payload.series[k].colour, values: v });
    });
    if (bus.price >= 0) s.line = { name: 'price', unit: payload.series[bus.price].unit, colour: INK, values: Array.from(values(bus.price).subarray(first, first + count)) };
    return s;
  }
  // Means of days, for the whole year in one picture.
  function byDay(s) {
    var out = { stamp: s.stamp, unit: s.unit, spans: s.spans, start: [], bands: [], mean: true }, days = [];
    for (var i = 0; i + 1 < s.start.length; i++) {
      var d = Math.floor(s.start[i] / DAY);
      if (!days.length || days[days.length - 1].d !== d) { days.push({ d: d, from: i }); out.start.push(d * DAY); }
      days[days.length - 1].to = i + 1;
    }
    out.start.push(s.start[s.start.length - 1]);
    function mean(v, sign) {
      return days.map(function (d) { var a = 0, n = 0; for (var i = d.from; i < d.to; i++) { var h = s.start[i + 1] - s.start[i]; a += (sign && v[i] * sign < 0 ? 0 : v[i]) * h; n += h; } return a / n; });
    }
    s.bands.forEach(function (b) {
      [1, -1].forEach(function (sign) { if (b.values.some(function (v) { return v * sign > 0; })) out.bands.push({ name: b.name, colour: b.colour, values: mean(b.values, sign) }); });
    });
    if (s.line) out.line = Object.assign({}, s.line, { values: mean(s.line.values, 0) });
    return out;
  }
  function stackRows(s) {
    var head = ['start' + (s.mean ? ' (means of a day)' : '')].concat(s.bands.map(function (b) { return b.name + ' [' + s.unit + ']'; }));
    if (s.line) head.push(s.line.name + ' [' + s.line.unit + ']');
    var rows = [head];
    for (var i = 0; i + 1 < s.start.length; i++) {
      var r = [iso(s.start[i])].concat(s.bands.map(function (b) { return round(b.values[i]); }));
      if (s.line) r.push(round(s.line.values[i]));
      rows.push(r);
    }
    return rows;
  }
  function heatRows(m) {
    var rows = [['day'].concat(Array.from({ length: 24 }, function (_, h) { return two(h) + ':00 [' + m.unit + ']'; }))];
    for (var d = 0; d < m.days; d++) {
      var r = [new Date(m.first + d * DAY).toISOString().slice(0, 10)];
      for (var h = 0; h < 24; h++) r.push(round(m.at(d, h)));
      rows.push(r);
    }
    return rows;
  }
  // Numbers of small pictures that have no table of their own.
  var specRows = {
    waterfall: function (s) {
      var sum = 0;
      return [['name', s.unit]].concat(s.steps.map(function (st) { sum += st.value; return [st.name, st.value]; }), [[s.total, sum]]);
    },
    stack: function (s) {
      var rows = stackRows(s);
      if (s.limit) {
        rows[0].push(s.limit.name + ' [' + s.unit + ']');
        s.limit.values.forEach(function (v, i) { rows[i + 1].push(v); });
      }
      return rows;
    },
    bars: function (s) {
      var names = [];
      s.bars.forEach(function (b) { b.parts.forEach(function (p) { if (names.indexOf(p.name) < 0) names.push(p.name); }); });
      return [['name'].concat(names.map(function (n) { return n + ' [' + s.unit + ']'; }), s.mark ? [s.mark + ' [' + s.unit + ']'] : [])].concat(s.bars.map(function (b) {
        return [b.name].concat(names.map(function (n) { var p = b.parts.filter(function (p) { return p.name === n; })[0]; return p ? p.value : ''; }), s.mark ? [b.mark === undefined ? '' : b.mark] : []);
      }));
    },
    lines: function (s) {
      var rows = [[s.x.time ? 'time' : s.x.label].concat(s.curves.map(function (c) { return c.name + ' [' + s.y.unit + ']'; }))];
      s.curves[0].x.forEach(function (x, i) {
        if (s.curves[0].y[i] === null) return;
        rows.push([s.x.time ? iso(x).slice(0, 10) : x].concat(s.curves.map(function (c) { return c.y[i]; })));
      });
      return rows;
    }
  };
  function showTable(details, rows) {
    var old = details.querySelector('.scroll');
    if (old) old.remove();
    var box = document.createElement('div'), t = document.createElement('table');
    box.className = 'scroll';
    t.className = 'dense';
    rows.forEach(function (r, i) {
      var tr = t.insertRow();
      r.forEach(function (c, k) {
        var cell = document.createElement(i === 0 || k === 0 ? 'th' : 'td');
        if (i === 0) cell.scope = 'col'; else if (k === 0) cell.scope = 'row';
        if (k > 0) cell.className = 'num';
        cell.textContent = typeof c === 'number' ? fmt(c) : c;
        if (typeof c === 'number') cell.dataset.v = c;
        tr.appendChild(cell);
      });
    });
    box.appendChild(t);
    details.appendChild(box);
  }

  // One figure ------------------------------------------------------------------
  function Figure(el) {
    var f = this;
    f.el = el;
    f.kind = el.dataset.kind;
    f.still = el.querySelector('.still');
    f.live = el.querySelector('.live');
    f.tools = el.querySelector('.tools');
    f.details = el.querySelector('details.data');
    var spec = el.querySelector('script.spec');
    f.spec = spec ? JSON.parse(spec.textContent) : null;
    f.rows = null;
    if (!f.details && f.spec && specRows[f.kind]) f.rows = function () { return specRows[f.kind](f.spec); };
  }
  Figure.prototype.buttons = function () {
    var f = this, gap = document.createElement('span');
    gap.className = 'gap';
    f.tools.appendChild(gap);
    if (!f.details && f.rows) {
      var d = f.details = document.createElement('details');
      d.className = 'data';
      d.innerHTML = '<summary>Data</summary>';
      d.addEventListener('toggle', function () { if (d.open) showTable(d, f.rows()); });
      f.el.appendChild(d);
    }
    if (f.rows || f.details) {
      f.tools.appendChild(button('Data as CSV', 'Save the numbers of this picture', function () {
        save(f.el.id + '.csv', csv(f.rows ? f.rows() : tableRows(f.details.querySelector('table'))), 'text/csv');
      }));
    }
    if (f.chart || f.still.firstElementChild) {
      f.tools.appendChild(button('Save picture', 'Save this picture for a slide', function () {
        if (f.chart && !f.live.hidden) { save(f.el.id + '.png', f.chart.getDataURL({ pixelRatio: 2, backgroundColor: '#fff' })); return; }
        var svg = f.still.querySelector('svg').cloneNode(true);
        svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
        save(f.el.id + '.svg', new XMLSerializer().serializeToString(svg), 'image/svg+xml');
      }));
    }
    if (f.chart && f.still.firstElementChild) {
      var b = button('Static', 'Show the picture as it prints', function () {
        var to = !f.live.hidden;
        f.live.hidden = to;
        f.still.hidden = !to;
        b.textContent = to ? 'Interactive' : 'Static';
        if (!to) f.chart.resize();
      });
      f.tools.appendChild(b);
    }
    if (f.tools.querySelector('select')) f.tools.classList.add('row');
    f.tools.hidden = !f.tools.querySelector('button,select');
  };
  Figure.prototype.show = function (height) {
    var f = this, alt = f.still.querySelector('svg');
    f.el.hidden = false;
    f.live.hidden = false;
    f.still.hidden = true;
    f.live.style.height = height + 'px';
    f.live.setAttribute('role', 'img');
    f.live.setAttribute('aria-label', alt ? alt.getAttribute('aria-label') : f.el.querySelector('h3').textContent);
    if (!f.chart) {
      f.chart = lib.init(f.live);
      var last = f.live.clientWidth;
      new ResizeObserver(function () {
        var w = f.live.clientWidth;
        if (!w || w === last) return;
        last = w;
        f.redraw();
        f.chart.resize();
      }).observe(f.live);
    } else f.chart.resize();
  };
  Figure.prototype.width = function () { return this.live.clientWidth || this.el.clientWidth || 900; };
  Figure.prototype.refreshTable = function () { if (this.details && this.details.open && this.rows) showTable(this.details, this.rows()); };
  Figure.prototype.simple = function () {
    var f = this;
    f.redraw = function () {
      var p = kinds[f.kind](f.spec, f.width());
      f.show(p.height);
      f.chart.setOption(p.option, true);
    };
    f.redraw();
    if (f.kind === 'stack') {
      f.chart.on('legendselectchanged', function (e) {
        var hidden = {};
        Object.keys(e.selected).forEach(function (n) { hidden[n] = !e.selected[n]; });
        f.chart.setOption({ series: piles(f.spec, hidden) });
      });
    }
    f.buttons();
  };
  Figure.prototype.dispatch = function () {
    var f = this, bus = payload.buses[0], s, busPick, timePick;
    function options() {
      var g = grid(payload.grids[bus.grid]), groups = [{ name: g.whole ? 'Weeks' : 'Periods', items: g.windows.map(function (w, i) { return ['w' + i, g.names[i]]; }) }];
      f.spans = {};
      g.windows.forEach(function (w, i) { f.spans['w' + i] = w; });
      if (g.whole && g.start.length > 1000) {
        var months = [], last = -1;
        g.start.forEach(function (t, i) {
          var d = new Date(t), m = d.getUTCFullYear() * 12 + d.getUTCMonth();
          if (m !== last) { months.push(['m' + i, MONTHS[m % 12] + ' ' + Math.floor(m / 12)]); f.spans['m' + i] = [i, 0]; last = m; }
          f.spans[months[months.length - 1][0]][1]++;
        });
        groups.unshift({ name: 'Months', items: months });
        groups.unshift({ name: 'Year', items: [['y', 'Whole year, means of days']] });
        f.spans.y = [0, g.start.length];
      }
      return groups;
    }
    function fill() {
      var old = timePick.querySelector('select'), fresh = select('', options(), 'w' + bus.open, draw).querySelector('select');
      old.replaceWith(fresh);
    }
    function draw() {
      var key = timePick.querySelector('select').value, w = f.spans[key];
      s = stretch(bus, w[0], w[1]);
      if (key === 'y') s = byDay(s);
      var width = f.width();
      f.show(420 + wrapLegend(s.bands.map(function (b) { return b.name; }).concat(['price']), width - 20));
      f.chart.setOption(stackOption(s, width), true);
      f.chart.off('legendselectchanged');
      f.chart.on('legendselectchanged', function (e) {
        var hidden = {};
        Object.keys(e.selected).forEach(function (n) { hidden[n] = !e.selected[n]; });
        f.chart.setOption({ series: piles(s, hidden) });
      });
      f.live.setAttribute('aria-label', 'Stacked supply and use at ' + bus.name + ', ' + timePick.querySelector('select').selectedOptions[0].textContent);
      f.refreshTable();
    }
    function step(by) {
      var sel = timePick.querySelector('select'), key = sel.value, list = Array.prototype.filter.call(sel.options, function (o) { return o.value[0] === key[0]; });
      var at = list.findIndex(function (o) { return o.value === key; }) + by;
      if (at < 0 || at >= list.length) return;
      sel.value = list[at].value;
      draw();
    }
    if (payload.buses.length > 1) {
      busPick = select('Place', [{ items: payload.buses.map(function (b, i) { return [String(i), b.name]; }) }], '0', function () { bus = payload.buses[Number(busPick.querySelector('select').value)]; fill(); draw(); });
      f.tools.appendChild(busPick);
    }
    timePick = select('Time', options(), 'w' + bus.open, draw);
    f.tools.appendChild(timePick);
    f.tools.appendChild(button('\u2039 earlier', 'The stretch before', function () { step(-1); }));
    f.tools.appendChild(button('later \u203a', 'The stretch after', function () { step(1); }));
    f.rows = function () { return stackRows(s); };
    f.redraw = draw;
    f.el.hidden = false;
    draw();
    f.buttons();
  };
  Figure.prototype.heat = function (withChart) {
    var f = this, groups = [], byName = {}, m, pick;
    payload.series.forEach(function (s, i) {
      if (grid(payload.grids[s.grid]).start.length < 24) return;
      if (!byName[s.group]) groups.push(byName[s.group] = { name: s.group, items: [] });
      byName[s.group].items.push([String(i), s.name]);
    });
    f.rows = function () { return heatRows(heatOf(pick ? Number(pick.querySelector('select').value) : f.spec.open)); };
    if (!withChart) { f.buttons(); return; }
    var title = f.el.querySelector('h3'), stillTitle = title.textContent;
    f.redraw = function () {
      m = heatOf(Number(pick.querySelector('select').value));
      f.show(330);
      f.chart.setOption(heatOption(m, RAMP), true);
      var s = pick.querySelector('select').selectedOptions[0];
      title.textContent = Number(s.value) === f.spec.open ? stillTitle : s.parentNode.label + ': ' + s.textContent;
      f.live.setAttribute('aria-label', 'Heat map of the year: ' + title.textContent);
      f.refreshTable();
    };
    pick = select('Show', groups, String(f.spec.open), f.redraw);
    f.tools.appendChild(pick);
    f.redraw();
    f.buttons();
    window.addEventListener('beforeprint', function () { title.textContent = stillTitle; });
    window.addEventListener('afterprint', function () { f.redraw(); });
  };
  var RAMP = ['#f6f4e6', '#cfe3bd', '#86c5a8', '#3d97a6', '#275f8f', '#1d2a5b'];

  // Start -------------------------------------------------------------------------
  var figures = Array.prototype.map.call(document.querySelectorAll('figure'), function (el) { return new Figure(el); });
  var pending = 0, drawn = 0;
  function done() { root.dataset.drawn = String(drawn); if (!pending) root.dataset.ready = 'yes'; }
  // One after another, so that the page answers meanwhile.
  var queue = [];
  function later(act) { queue.push(act); }
  function next() {
    var act = queue.shift();
    if (!act) { pending = 0; done(); return; }
    act();
    drawn++;
    done();
    setTimeout(next, 0);
  }
  pending = 1;
  inflate().then(function (v) { numbers = v; return true; }, function (err) { console.warn(err.message); return false; }).then(function (hourly) {
    if (lib && hourly) root.classList.add('interactive');
    figures.forEach(function (f) {
      var needsHours = f.kind === 'dispatch' || f.kind === 'heat' || f.kind === 'week';
      if (needsHours && !hourly) return;
      if (f.kind === 'dispatch') {
        if (!lib || !payload.buses.length) return;
        f.el.hidden = false;
        later(function () { f.dispatch(); });
      } else if (f.kind === 'heat') {
        if (lib && !f.el.classList.contains('static-only')) later(function () { f.heat(true); }); else f.heat(false);
      } else if (f.kind === 'week') {
        var bus = payload.buses.filter(function (b) { return b.bus === f.el.dataset.bus; })[0];
        if (bus) f.rows = function () { return stackRows(stretch(bus, Number(f.el.dataset.first), Number(f.el.dataset.count))); };
        f.buttons();
      } else if (f.spec && lib && kinds[f.kind]) later(function () { f.simple(); });
      else f.buttons();
    });
    next();
  });
})();
