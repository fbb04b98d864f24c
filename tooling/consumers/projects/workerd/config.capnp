using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (services = [(name = "main", worker = .classifier)]);

const classifier :Workerd.Worker = (
  modules = [
    (name = "main.js", esModule = embed "dist/main.js"),
    (name = "relaxed.wasm", wasm = embed "node_modules/@resnet-ts/backend-wasm/dist/relaxed.wasm"),
    (name = "simd.wasm", wasm = embed "node_modules/@resnet-ts/backend-wasm/dist/simd.wasm"),
    (name = "photo.png", data = embed "photo.png"),
  ],
  compatibilityDate = "2026-06-01",
);
