// Every project of the site on one canvas, over the communes under a contract: thousands of marks, no tile. Those
// of one place are one mark, whose number is written on it and whose bubble lists them. The list says the same.
const L = window.L;
const SMALLEST = 4;
const LARGEST = 16;
const LISTED = 30;

// The canvas takes the colours of the legend, in either scheme.
const colours = () => {
  const shades = {};
  for (const state of ["inscrit", "attribue", "en_cours", "verse"]) {
    const { borderTopColor, backgroundColor } = getComputedStyle(document.querySelector(`.pastille.${state}`));
    shades[state] = { color: borderTopColor, fillColor: backgroundColor };
  }
  return shades;
};

const placesOf = (features) => {
  const places = new Map();
  for (const { geometry, properties } of features) {
    const key = geometry.coordinates.join(" ");
    if (!places.has(key)) places.set(key, { point: geometry.coordinates, projects: [], amount: 0 });
    const place = places.get(key);
    place.projects.push(properties);
    place.amount += properties.a;
  }
  return [...places.values()].sort((a, b) => b.amount - a.amount); // the small ones on top
};

const says = (projects) => {
  const list = document.createElement("ul");
  for (const { n, d, u } of projects.slice(0, LISTED)) {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = u;
    link.textContent = n;
    line.append(link, document.createElement("br"), d);
    list.append(line);
  }
  if (projects.length > LISTED) {
    const more = document.createElement("li");
    more.textContent = `et ${projects.length - LISTED} autres : voir la liste des projets`;
    list.append(more);
  }
  return list;
};

const mark = ({ point: [lng, lat], projects, amount }, largest, shades, renderer) => {
  const many = projects.length > 1;
  const least = many ? 9 : SMALLEST;
  const radius = Math.max(least, LARGEST * Math.sqrt(amount / largest));
  const shade = many && new Set(projects.map(({ e }) => e)).size > 1 ? shades.inscrit : shades[projects[0].e];
  const circle = L.circleMarker([lat, lng], { renderer, radius, weight: 1.5, fillOpacity: 0.9, ...shade });
  circle.bindPopup(() => says(projects), { minWidth: 220, maxWidth: 320, maxHeight: 240 });
  circle.bindTooltip(() => document.createTextNode(many ? `${projects.length} projets` : projects[0].n));
  if (!many) return [circle];
  const text = document.createElement("span");
  text.textContent = String(projects.length);
  const icon = L.divIcon({ className: "nombre", html: text, iconSize: [2 * radius, 2 * radius] });
  return [circle, L.marker([lat, lng], { icon, interactive: false, keyboard: false })];
};

const draw = (frame, { features }, ground) => {
  frame.replaceChildren();
  frame.classList.add("prete");
  if (!features.length) {
    frame.textContent = "Aucun projet n’a de lieu connu.";
    return;
  }
  const map = L.map(frame, { attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.25 });
  L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(map);
  const communes = L.geoJSON(ground, { renderer: L.svg({ padding: 0.5 }), style: { className: "sol" }, interactive: false }).addTo(map);
  const places = placesOf(features);
  const shades = colours();
  const largest = Math.max(places[0].amount, 1);
  const canvas = L.canvas({ padding: 0.5 });
  const marks = L.featureGroup(places.flatMap((place) => mark(place, largest, shades, canvas)));
  const bounds = communes.getBounds();
  map.fitBounds(bounds.isValid() ? bounds : marks.getBounds(), { padding: [16, 16], maxZoom: 13 });
  marks.addTo(map);
  frame.dataset.projets = String(features.length);
  const missing = Number(frame.dataset.nombre) - features.length;
  if (missing > 0) {
    frame.parentElement.querySelector("[data-sans-lieu]").textContent =
      missing > 1 ? `${missing} projets sans commune, souvent intercommunaux, ne sont que dans la liste.` : "Un projet sans commune n’est que dans la liste.";
  }
};

const read = (url) => fetch(url, { headers: { Accept: "application/geo+json" } }).then((answer) => {
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
});

for (const frame of document.querySelectorAll("[data-carte-publique]")) {
  const wait = frame.querySelector(".geo-attente");
  if (!L) {
    wait.textContent = "La carte n’a pas pu s’afficher : ouvrez la liste des projets.";
    continue;
  }
  // Without the outlines the marks are still worth showing.
  const ground = read(frame.dataset.contours).catch(() => ({ type: "FeatureCollection", features: [] }));
  Promise.all([read(frame.dataset.points), ground])
    .then(([data, outlines]) => draw(frame, data, outlines))
    .catch(() => { wait.textContent = "La carte n’a pas pu se charger : ouvrez la liste des projets."; });
}
