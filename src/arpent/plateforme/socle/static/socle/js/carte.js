// A Leaflet map over our own GeoJSON: <div class="geo-carte" data-geojson="URL">. No tile, no remote call.
// Feature properties: nom; url, detail, role ("membre" | "voisin" | "contour"), classe (0-4). The list beside
// the map says the same: without Leaflet, or when the file does not come, the list opens.
const L = window.L;

const classOf = ({ role, classe }) => {
  if (role === "voisin" || role === "contour") return `geo-lieu ${role}`;
  return `geo-lieu r${Number.isInteger(classe) ? classe : 2}`;
};

const label = ({ nom, detail }) => {
  const box = document.createElement("div");
  const name = document.createElement("strong");
  name.textContent = nom;
  box.append(name);
  if (detail) box.append(document.createElement("br"), detail);
  return box;
};

const openList = (frame, message) => {
  frame.querySelector(".geo-attente").textContent = message;
  frame.closest(".geo")?.querySelector(".geo-liste")?.setAttribute("open", "");
};

const makeKeyboard = (layer, { nom, detail, url }) => {
  const path = layer.getElement();
  path?.setAttribute("tabindex", url ? "0" : "-1"); // a tooltip alone would make it a stop
  if (!path || !url) return;
  path.setAttribute("role", "link");
  path.setAttribute("aria-label", detail ? `${nom}, ${detail}` : nom);
  path.addEventListener("focus", () => layer.openTooltip());
  path.addEventListener("blur", () => layer.closeTooltip());
  path.addEventListener("keydown", (event) => {
    if (event.key === "Enter") window.location.assign(url);
  });
};

const draw = (frame, data) => {
  frame.replaceChildren();
  frame.classList.add("prete");
  const map = L.map(frame, {
    attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.25, renderer: L.svg({ padding: 0.5 }),
  });
  L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(map);
  const order = { voisin: 0, membre: 1, contour: 2 };
  const features = [...data.features].sort(
    (a, b) => (order[a.properties.role] ?? 1) - (order[b.properties.role] ?? 1),
  );
  const members = L.featureGroup();
  const layers = [];
  L.geoJSON({ type: "FeatureCollection", features }, {
    style: ({ properties }) => ({ className: classOf(properties), interactive: properties.role !== "contour" }),
    onEachFeature: ({ properties }, layer) => {
      if (properties.role !== "voisin") members.addLayer(layer);
      if (properties.role === "contour") return;
      layers.push([layer, properties]);
      layer.bindTooltip(() => label(properties), { sticky: true });
      layer.on("mouseover", () => layer.getElement()?.classList.add("survol"));
      layer.on("mouseout", () => layer.getElement()?.classList.remove("survol"));
      if (properties.url) layer.on("click", () => window.location.assign(properties.url));
    },
  }).addTo(map);
  map.fitBounds((members.getLayers().length ? members : L.geoJSON(data)).getBounds(), { padding: [12, 12] });
  for (const [layer, properties] of layers) makeKeyboard(layer, properties);
};

const load = (frame) => {
  frame.dataset.lue = "";
  if (!L) {
    openList(frame, "La carte n’a pas pu s’afficher : utilisez la liste ci-dessous.");
    return;
  }
  fetch(frame.dataset.geojson, { headers: { Accept: "application/json" } })
    .then((response) => {
      if (!response.ok) throw new Error(String(response.status));
      return response.json();
    })
    .then((data) => draw(frame, data))
    .catch(() => openList(frame, "La carte n’a pas pu se charger : utilisez la liste ci-dessous."));
};

const loadAll = () => {
  for (const frame of document.querySelectorAll(".geo-carte[data-geojson]:not([data-lue])")) load(frame);
};

loadAll();
// A map that htmx has just put in the page.
document.addEventListener("htmx:after:swap", loadAll);
