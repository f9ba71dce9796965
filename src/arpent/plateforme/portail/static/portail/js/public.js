// Every project of the site on one canvas: thousands of marks, one file, no tile. The list says the same.
const L = window.L;
const SMALLEST = 4;
const LARGEST = 14;

// The canvas takes the colours of the legend, in either scheme.
const colours = () => {
  const shades = {};
  for (const state of ["inscrit", "attribue", "en_cours", "verse"]) {
    const { borderTopColor, backgroundColor } = getComputedStyle(document.querySelector(`.pastille.${state}`));
    shades[state] = { color: borderTopColor, fillColor: backgroundColor };
  }
  return shades;
};

const says = ({ n, d, u }) => {
  const box = document.createElement("div");
  const link = document.createElement("a");
  link.href = u;
  link.textContent = n;
  const detail = document.createElement("p");
  detail.textContent = d;
  box.append(link, detail);
  return box;
};

const draw = (frame, { features }) => {
  frame.replaceChildren();
  frame.classList.add("prete");
  if (!features.length) {
    frame.textContent = "Aucun projet n’a de lieu connu.";
    return;
  }
  const map = L.map(frame, { attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.25, preferCanvas: true });
  L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(map);
  const largest = Math.max(...features.map((f) => f.properties.a), 1);
  const shades = colours();
  const marks = features
    .sort((a, b) => b.properties.a - a.properties.a) // the small ones on top
    .map(({ geometry, properties }) => {
      const [lng, lat] = geometry.coordinates;
      const radius = Math.max(SMALLEST, LARGEST * Math.sqrt(properties.a / largest));
      const mark = L.circleMarker([lat, lng], { radius, weight: 1.5, fillOpacity: 0.85, ...shades[properties.e] });
      mark.bindPopup(() => says(properties), { minWidth: 200, maxWidth: 300 });
      mark.bindTooltip(() => document.createTextNode(properties.n));
      return mark;
    });
  map.fitBounds(L.latLngBounds(marks.map((mark) => mark.getLatLng())), { padding: [16, 16], maxZoom: 13 });
  L.layerGroup(marks).addTo(map);
  frame.dataset.projets = String(marks.length);
};

for (const frame of document.querySelectorAll("[data-carte-publique]")) {
  const wait = frame.querySelector(".geo-attente");
  if (!L) {
    wait.textContent = "La carte n’a pas pu s’afficher : ouvrez la liste des projets.";
    continue;
  }
  fetch(frame.dataset.points, { headers: { Accept: "application/geo+json" } })
    .then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    })
    .then((data) => draw(frame, data))
    .catch(() => { wait.textContent = "La carte n’a pas pu se charger : ouvrez la liste des projets."; });
}
