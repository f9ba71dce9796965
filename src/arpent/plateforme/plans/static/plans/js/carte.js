// The plan on the map: every item of the list below becomes a mark (size, letter and class written by the server).
// Items at the same place are fanned out when few, else counted; a click shows what the list says. No tile.
const L = window.L;
const FEW = 6; // fanned out up to that many, grouped above
const GROUP = 18; // radius of a group's mark, in pixels

const marks = () => {
  const places = new Map();
  for (const item of document.querySelectorAll("li[data-lieu]")) {
    const { lat, lng } = item.dataset;
    const key = `${lat} ${lng}`;
    if (!places.has(key)) places.set(key, { centre: [Number(lat), Number(lng)], items: [] });
    places.get(key).items.push(item);
  }
  return [...places.values()];
};

const says = (items) => {
  const list = document.createElement("ul");
  for (const item of items) {
    const line = document.createElement("li");
    line.append(...[...item.childNodes].map((node) => node.cloneNode(true)));
    list.append(line);
  }
  return list;
};

const mark = (centre, radius, kind, text, items) => {
  const letter = document.createElement("span");
  letter.textContent = text;
  letter.setAttribute("aria-hidden", "true");
  const icon = L.divIcon({ className: `pion ${kind}`, html: letter, iconSize: [2 * radius, 2 * radius] });
  const layer = L.marker(centre, { icon, keyboard: false, zIndexOffset: items.length > 1 ? 1000 : -10 * radius });
  layer.bindPopup(() => says(items), { minWidth: 230, maxWidth: 300, maxHeight: 220 });
  layer.bindTooltip(items.length > 1 ? `${items.length} projets` : items[0].querySelector("a").textContent);
  return layer;
};

// Pixels from the centre, so that n circles of that radius touch on a ring.
const offset = (rank, count, radius) => {
  if (count === 1) return L.point(0, 0);
  const ring = (radius + 1) / Math.sin(Math.PI / count);
  const angle = (2 * Math.PI * rank) / count - Math.PI / 2;
  return L.point(ring * Math.cos(angle), ring * Math.sin(angle));
};

const layersOf = ({ centre, items }) => {
  if (items.length > FEW) return [{ centre, shift: L.point(0, 0), layer: mark(centre, GROUP, "groupe", String(items.length), items) }];
  const widest = Math.max(...items.map((item) => Number(item.dataset.rayon)));
  return items.map((item, rank) => {
    const { rayon, maturite, lettre } = item.dataset;
    return { centre, shift: offset(rank, items.length, widest), layer: mark(centre, Number(rayon), maturite, lettre, [item]) };
  });
};

const draw = (frame, features) => {
  frame.replaceChildren();
  frame.classList.add("prete");
  const map = L.map(frame, { attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.25, renderer: L.svg({ padding: 0.5 }) });
  L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(map);
  const members = L.geoJSON(
    { type: "FeatureCollection", features: features.filter((f) => f.properties.role !== "voisin") },
    { style: ({ properties }) => ({ className: properties.role === "contour" ? "geo-lieu contour" : "geo-lieu r0", interactive: false }) },
  ).addTo(map);
  const placed = marks().flatMap(layersOf);
  const bounds = members.getBounds();
  map.fitBounds(bounds.isValid() ? bounds : L.latLngBounds(placed.map(({ centre }) => centre)), { padding: [14, 14], maxZoom: 14 });
  const spread = () => {
    for (const { centre, shift, layer } of placed) layer.setLatLng(map.layerPointToLatLng(map.latLngToLayerPoint(centre).add(shift)));
  };
  spread();
  for (const { layer } of placed) layer.addTo(map);
  map.on("zoomend", spread);
};

for (const frame of document.querySelectorAll("[data-carte-plan]")) {
  if (!L) {
    frame.querySelector(".geo-attente").textContent = "La carte n’a pas pu s’afficher : utilisez la liste ci-dessous.";
    continue;
  }
  // Without the outlines the marks are still worth showing.
  fetch(frame.dataset.contours, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : { features: [] }))
    .catch(() => ({ features: [] }))
    .then((data) => draw(frame, data.features));
}
