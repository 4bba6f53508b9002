"use strict";
(function () {
  function byId(id) { return document.getElementById(id); }

  function rounded(value) { return (value > 0 ? "+" : value < 0 ? "\u2212" : "") + Math.abs(value); }

  function atlas() {
    var source = byId("atlas-data");
    if (!source) { return; }
    var data = JSON.parse(source.textContent);
    var scenario = byId("atlas-scenario"), slider = byId("atlas-date"), district = byId("atlas-district");
    var views = document.querySelectorAll("#atlas-controls input[name=view]");
    var maps = document.querySelectorAll("#atlas .map");
    var said = null, chosen = null, wanted = "chance", asking = byId("atlas-told").textContent;

    function state() {
      var view = wanted;
      var which = Number(scenario.value);
      if (which === 0) { view = "chance"; }
      var dates = (view === "change" ? data.change_dates : data.dates)[which], last = dates.length - 1;
      var week = Math.min(Number(slider.value), last);
      return { view: view, which: which, week: week, last: last, day: dates[week] };
    }

    function values(now) {
      return (now.view === "change" ? data.changes : data.chances)[now.which][now.week];
    }

    function colour(now, value) {
      var share = now.view === "change" ? (value / data.limit + 1) / 2 : value / 100;
      return data.colours[now.view][Math.round(100 * Math.max(0, Math.min(1, share)))];
    }

    function caption(now) {
      var name = data.scenarios[now.which], day = now.day;
      return now.view === "change"
        ? "Change of the chance that gangs hold each district, " + name + " against " + data.scenarios[0] + ", " + day
        : "Chance that gangs hold each district, " + name + ", " + day;
    }

    function reading(now, i) {
      var value = values(now)[i], name = data.names[i], day = now.day;
      if (now.view === "change") {
        return name + ", " + day + ": " + rounded(value) + " points in the chance that gangs hold it, " +
          data.scenarios[now.which] + " against " + data.scenarios[0] + " (n = " + data.pairs[now.which] + " pairs).";
      }
      return name + ", " + day + ": gangs hold it in " + value + " % of runs under " + data.scenarios[now.which] +
        " (n = " + data.runs[now.which] + " runs).";
    }

    function legend(now) {
      var ends = now.view === "change"
        ? ["lower by " + data.limit + " points or more", "higher by " + data.limit + " points or more"] : ["0 %", "100 %"];
      byId("atlas-legend").querySelector(".low").textContent = ends[0];
      byId("atlas-legend").querySelector(".high").textContent = ends[1];
      byId("atlas-bar").style.background = "linear-gradient(to right, " +
        data.colours[now.view].filter(function (_, i) { return i % 10 === 0; }).join(", ") + ")";
    }

    function tell(now) {
      byId("atlas-told").textContent = said === null ? asking : reading(now, said);
    }

    function draw() {
      var now = state(), shown = values(now);
      views.forEach(function (one) {
        if (one.value === "change") { one.disabled = now.which === 0; }
        one.checked = one.value === now.view;
      });
      byId("atlas-why").hidden = now.which !== 0;
      slider.max = now.last;
      byId("atlas-day").textContent = now.day;
      slider.setAttribute("aria-valuetext", now.day);
      maps.forEach(function (map) {
        map.querySelectorAll(".cells use").forEach(function (cell, i) { cell.setAttribute("fill", colour(now, shown[i])); });
        map.querySelector("title").textContent = (map.classList.contains("capital") ? "The capital, enlarged: " : "The country: ") +
          caption(now);
        map.querySelector("desc").textContent = words(now, shown);
      });
      byId("atlas-caption").textContent = caption(now);
      byId("atlas").classList.toggle("change", now.view === "change");
      legend(now);
      tell(now);
    }

    function words(now, shown) {
      var most = shown.filter(function (value) { return now.view === "change" ? value < 0 : value >= 50; }).length;
      var more = shown.filter(function (value) { return value > 0; }).length;
      return now.view === "change"
        ? "The chance is lower in " + most + " and higher in " + more + " of " + shown.length + " districts."
        : "Gangs hold " + most + " of " + shown.length + " districts in at least half of the runs.";
    }

    function look(i) {
      said = i;
      maps.forEach(function (map) {
        var mark = map.querySelector(".mark"), use = document.createElementNS("http://www.w3.org/2000/svg", "use");
        if (i !== null) { use.setAttribute("href", "#cell-" + i); }
        mark.replaceChildren(...(i === null ? [] : [use]));
      });
      tell(state());
    }

    function choose(i) {
      chosen = i;
      district.value = i === null ? "" : String(i);
      look(i);
    }

    function cell(event) {
      var i = event.target.getAttribute && event.target.getAttribute("data-i");
      return i === null || i === undefined || i === "" ? null : Number(i);
    }

    maps.forEach(function (map) {
      map.addEventListener("pointerover", function (event) { if (cell(event) !== null) { look(cell(event)); } });
      map.addEventListener("pointerleave", function () { if (chosen !== null) { look(chosen); } });
      map.addEventListener("click", function (event) { if (cell(event) !== null) { choose(cell(event)); } });
    });
    scenario.addEventListener("change", draw);
    slider.addEventListener("input", draw);
    views.forEach(function (one) { one.addEventListener("change", function () { wanted = one.value; draw(); }); });
    district.addEventListener("change", function () { choose(district.value === "" ? null : Number(district.value)); });
    byId("atlas-controls").addEventListener("submit", function (event) { event.preventDefault(); });
    byId("atlas-controls").hidden = false;
    byId("atlas-controls").reset();
    byId("atlas-told").hidden = false;
    draw();
  }

  function parameters() {
    var filter = byId("filter"), rows = Array.from(document.querySelectorAll("#parameter-table tbody tr"));
    var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });

    function apply() {
      var wanted = filter.value.toLowerCase().split(/\s+/), shown = 0;
      rows.forEach(function (row, i) {
        var keep = wanted.every(function (word) { return texts[i].indexOf(word) >= 0; });
        row.hidden = !keep;
        shown += keep ? 1 : 0;
      });
      byId("filter-count").textContent = shown + " of " + rows.length + " numbers";
    }

    filter.addEventListener("input", apply);
    byId("filter-controls").addEventListener("submit", function (event) { event.preventDefault(); });
    byId("filter-controls").hidden = false;
    byId("filter-controls").reset();
  }

  atlas();
  parameters();
})();
