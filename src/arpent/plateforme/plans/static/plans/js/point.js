// The place of a project over the outlines of its territory: shown on the fiche, chosen in its form (a click
// writes the two fields; the fields remain the keyboard's way). Our own GeoJSON, no remote tile.
const L = window.L;

const draw = async (frame, url) => {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const data = await answer.json();
  frame.replaceChildren();
  frame.classList.add("prete");
  const map = L.map(frame, { attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.25, renderer: L.svg({ padding: 0.5 }) });
  L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(map);
  const members = L.geoJSON(
    { type: "FeatureCollection", features: data.features.filter((f) => f.properties.role !== "voisin") },
    { style: ({ properties }) => ({ className: properties.role === "contour" ? "geo-lieu contour" : "geo-lieu r1", interactive: false }) },
  ).addTo(map);
  map.fitBounds(members.getBounds(), { padding: [12, 12] });
  return { map, features: data.features };
};

const dot = (point) => L.circleMarker(point, { radius: 9, className: "point-projet", interactive: false });

for (const frame of document.querySelectorAll("[data-point-fiche]")) {
  const point = [Number(frame.dataset.latitude), Number(frame.dataset.longitude)];
  if (!L || point.some(Number.isNaN)) continue;
  draw(frame, frame.dataset.contours).then(({ map }) => dot(point).addTo(map)).catch(() => {});
}

const choose = (box) => {
  const frame = box.querySelector(".geo-carte");
  const latitude = document.querySelector("#id_latitude");
  const longitude = document.querySelector("#id_longitude");
  const commune = document.querySelector("#id_commune");
  if (!latitude || !longitude) return;
  frame.hidden = false;
  draw(frame, box.dataset.contours).then(({ map, features }) => {
    let mark = null;
    const read = (field) => Number(field.value.replace(",", "."));
    const show = () => {
      mark?.remove();
      mark = null;
      if (!latitude.value.trim() || !longitude.value.trim()) return;
      const point = [read(latitude), read(longitude)];
      if (!point.some(Number.isNaN)) mark = dot(point).addTo(map);
    };
    const write = (lat, lng) => {
      latitude.value = lat === null ? "" : lat.toFixed(6).replace(".", ",");
      longitude.value = lng === null ? "" : lng.toFixed(6).replace(".", ",");
      show();
      document.dispatchEvent(new Event("fiche:touchee"));
    };
    map.on("click", ({ latlng }) => write(latlng.lat, latlng.lng));
    for (const field of [latitude, longitude]) field.addEventListener("change", show);
    const centre = box.querySelector("[data-centre]");
    centre.hidden = !commune;
    centre.addEventListener("click", () => {
      const name = commune.selectedOptions[0]?.textContent.trim();
      const found = features.find((f) => f.properties.nom === name);
      if (!found) return;
      const { lat, lng } = L.geoJSON(found).getBounds().getCenter();
      write(lat, lng);
    });
    const erase = box.querySelector("[data-effacer]");
    erase.hidden = false;
    erase.addEventListener("click", () => write(null, null));
    show();
  }).catch(() => { frame.hidden = true; });
};

// Leaflet measures its frame: the map is drawn when its section is open.
for (const box of document.querySelectorAll("[data-point]")) {
  if (!L) continue;
  const section = box.closest("details");
  if (!section || section.open) choose(box);
  else section.addEventListener("toggle", () => choose(box), { once: true });
}
