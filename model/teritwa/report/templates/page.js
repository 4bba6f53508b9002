"use strict";
(function () {
  function byId(id) { return document.getElementById(id); }

  function signed(value) {
    return (value > 0 ? "+" : value < 0 ? "\u2212" : "") + Math.abs(value);
  }

  function mapControls() {
    var source = byId("map-data");
    if (!source) { return; }
    var data = JSON.parse(source.textContent);
    var scenario = byId("map-scenario"), slider = byId("map-date"), district = byId("map-district");
    var views = document.querySelectorAll("#map-controls input[name=view]");
    var maps = document.querySelectorAll("#map-figure .map");
    var reading = byId("map-reading"), instruction = reading.textContent;
    var shown = null, chosen = null, chosenView = "chance";

    function currentState() {
      var row = Number(scenario.value);
      var view = row === 0 ? "chance" : chosenView;
      var dates = (view === "change" ? data.change_dates : data.dates)[row];
      var week = Math.min(Number(slider.value), dates.length - 1);
      return { view: view, row: row, week: week, last: dates.length - 1, day: dates[week] };
    }

    function valuesOf(state) {
      return (state.view === "change" ? data.changes : data.chances)[state.row][state.week];
    }

    function colourOf(state, value) {
      var share = state.view === "change" ? (value / data.limit + 1) / 2 : value / 100;
      return data.colours[state.view][Math.round(100 * Math.max(0, Math.min(1, share)))];
    }

    function captionOf(state) {
      var name = data.scenarios[state.row];
      return state.view === "change"
        ? "Change of the chance that gangs hold each district, " + name + " against " +
          data.scenarios[0] + ", " + state.day
        : "Chance that gangs hold each district, " + name + ", " + state.day;
    }

    function describeDistrict(state, row) {
      var value = valuesOf(state)[row], start = data.names[row] + ", " + state.day + ": ";
      if (state.view === "change") {
        return start + signed(value) + " points in the chance that gangs hold it, " +
          data.scenarios[state.row] + " against " + data.scenarios[0] +
          " (n = " + data.pairs[state.row] + " pairs).";
      }
      return start + "gangs hold it in " + value + " % of runs under " +
        data.scenarios[state.row] + " (n = " + data.runs[state.row] + " runs).";
    }

    function describeMap(state, values) {
      function count(holds) { return values.filter(holds).length; }
      if (state.view === "change") {
        return "The chance is lower in " + count(function (value) { return value < 0; }) +
          " and higher in " + count(function (value) { return value > 0; }) +
          " of " + values.length + " districts.";
      }
      return "Gangs hold " + count(function (value) { return value >= 50; }) +
        " of " + values.length + " districts in at least half of the runs.";
    }

    function drawLegend(state) {
      var ends = state.view === "change"
        ? ["lower by " + data.limit + " points or more", "higher by " + data.limit + " points or more"]
        : ["0 %", "100 %"];
      byId("map-legend").querySelector(".low").textContent = ends[0];
      byId("map-legend").querySelector(".high").textContent = ends[1];
      var colours = data.colours[state.view].filter(function (_, i) { return i % 10 === 0; });
      byId("map-bar").style.background = "linear-gradient(to right, " + colours.join(", ") + ")";
    }

    function drawReading(state) {
      reading.textContent = shown === null ? instruction : describeDistrict(state, shown);
    }

    function drawMap(map, state, values) {
      var part = map.classList.contains("capital") ? "The capital, enlarged: " : "The country: ";
      map.querySelectorAll(".cells use").forEach(function (cell, row) {
        cell.setAttribute("fill", colourOf(state, values[row]));
      });
      map.querySelector("title").textContent = part + captionOf(state);
      map.querySelector("desc").textContent = describeMap(state, values);
    }

    function draw() {
      var state = currentState(), values = valuesOf(state);
      views.forEach(function (view) {
        if (view.value === "change") { view.disabled = state.row === 0; }
        view.checked = view.value === state.view;
      });
      byId("map-change-hint").hidden = state.row !== 0;
      slider.max = state.last;
      byId("map-day").textContent = state.day;
      slider.setAttribute("aria-valuetext", state.day);
      maps.forEach(function (map) { drawMap(map, state, values); });
      byId("map-caption").textContent = captionOf(state);
      byId("map-figure").classList.toggle("change", state.view === "change");
      drawLegend(state);
      drawReading(state);
    }

    function show(row) {
      shown = row;
      maps.forEach(function (map) {
        var mark = map.querySelector(".mark");
        mark.replaceChildren();
        if (row === null) { return; }
        var use = document.createElementNS("http://www.w3.org/2000/svg", "use");
        use.setAttribute("href", "#cell-" + row);
        mark.appendChild(use);
      });
      drawReading(currentState());
    }

    function choose(row) {
      chosen = row;
      district.value = row === null ? "" : String(row);
      show(row);
    }

    function rowOf(event) {
      var row = event.target.getAttribute && event.target.getAttribute("data-row");
      return row === null || row === undefined || row === "" ? null : Number(row);
    }

    maps.forEach(function (map) {
      map.addEventListener("pointerover", function (event) {
        if (rowOf(event) !== null) { show(rowOf(event)); }
      });
      map.addEventListener("pointerleave", function () {
        if (chosen !== null) { show(chosen); }
      });
      map.addEventListener("click", function (event) {
        if (rowOf(event) !== null) { choose(rowOf(event)); }
      });
    });
    scenario.addEventListener("change", draw);
    slider.addEventListener("input", draw);
    views.forEach(function (view) {
      view.addEventListener("change", function () { chosenView = view.value; draw(); });
    });
    district.addEventListener("change", function () {
      choose(district.value === "" ? null : Number(district.value));
    });
    byId("map-controls").addEventListener("submit", function (event) { event.preventDefault(); });
    byId("map-controls").hidden = false;
    byId("map-controls").reset();
    reading.hidden = false;
    draw();
  }

  function parameterFilter() {
    var filter = byId("filter");
    var rows = Array.from(document.querySelectorAll("#parameter-table tbody tr"));
    var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });

    function apply() {
      var words = filter.value.toLowerCase().split(/\s+/), count = 0;
      rows.forEach(function (row, i) {
        var matches = words.every(function (word) { return texts[i].indexOf(word) >= 0; });
        row.hidden = !matches;
        count += matches ? 1 : 0;
      });
      byId("filter-count").textContent = count + " of " + rows.length + " numbers";
    }

    filter.addEventListener("input", apply);
    byId("filter-controls").addEventListener("submit", function (event) { event.preventDefault(); });
    byId("filter-controls").hidden = false;
    byId("filter-controls").reset();
  }

  mapControls();
  parameterFilter();
})();
