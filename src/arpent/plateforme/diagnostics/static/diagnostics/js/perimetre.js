// The map that chooses EPCI: each shape is a checkbox of the list beside it. The list is the truth: a click on
// the map checks a box, a box checked colours its shape. The address follows, so that the draft can be shared.
const L = window.L;
const form = document.querySelector("form[data-perimetre]");
const frame = form?.querySelector("[data-contours]");
const shapes = new Map();
const FEW = 30; // under that many EPCI the whole area is shown, however few are chosen

const boxOf = (code) => form.querySelector(`input[name="epci"][value="${CSS.escape(code)}"]`);

const paint = () => {
  for (const [code, layer] of shapes) {
    const box = boxOf(code);
    const path = layer.getElement();
    path?.setAttribute("tabindex", "-1"); // the keyboard has the list
    if (!box || !path) continue;
    path.classList.toggle("choisi", box.checked);
    path.classList.toggle("pris", "pris" in box.dataset);
  }
};

const toggle = (code) => {
  const box = boxOf(code);
  if (!box) return;
  box.checked = !box.checked;
  if (box.checked) box.closest("details")?.setAttribute("open", "");
  box.dispatchEvent(new Event("change", { bubbles: true }));
};

const label = (nom) => {
  const box = document.createElement("strong");
  box.textContent = nom;
  return box;
};

const draw = (data) => {
  frame.replaceChildren();
  frame.classList.add("prete");
  const map = L.map(frame, { attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.25, renderer: L.svg({ padding: 0.5 }) });
  L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(map);
  const all = L.geoJSON(data, {
    style: () => ({ className: "geo-lieu libre" }),
    onEachFeature: ({ properties }, layer) => {
      shapes.set(properties.code, layer);
      layer.bindTooltip(() => label(properties.nom), { sticky: true });
      layer.on("click", () => toggle(properties.code));
      layer.on("mouseover", () => layer.getElement()?.classList.add("survol"));
      layer.on("mouseout", () => layer.getElement()?.classList.remove("survol"));
    },
  }).addTo(map);
  const chosen = data.features.filter(({ properties }) => boxOf(properties.code)?.checked);
  const near = data.features.length > FEW && chosen.length && chosen.length < data.features.length / 4;
  const aim = near ? L.geoJSON({ type: "FeatureCollection", features: chosen }) : all;
  map.fitBounds(aim.getBounds().pad(aim === all ? 0 : 0.8), { padding: [12, 12] });
  paint();
};

// A narrow window hides the frame, be it while the outlines load: a map without a size has no place to start from.
const drawWhenShown = (data) => {
  if (frame.clientWidth) {
    draw(data);
    return;
  }
  const watch = new ResizeObserver(() => {
    if (!frame.clientWidth) return;
    watch.disconnect();
    draw(data);
  });
  watch.observe(frame);
};

const say = (message) => {
  frame.querySelector(".geo-attente").textContent = message;
};

if (form) {
  form.addEventListener("change", () => {
    paint();
    history.replaceState(null, "", `?${new URLSearchParams(new FormData(form))}`);
  });
}
if (frame && frame.offsetParent !== null) {
  if (!L) say("La carte n’a pas pu s’afficher : utilisez la liste.");
  else {
    fetch(frame.dataset.contours, { headers: { Accept: "application/json" } })
      .then((response) => {
        if (!response.ok) throw new Error(String(response.status));
        return response.json();
      })
      .then((data) => (data.features.length ? drawWhenShown(data) : say("Aucun contour n’est connu ici : utilisez la liste.")))
      .catch(() => say("La carte n’a pas pu se charger : utilisez la liste."));
  }
}
