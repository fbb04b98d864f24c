await navigator.serviceWorker.register('service.js', { type: 'module' })
await navigator.serviceWorker.ready
const claimed = new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve))
if (!navigator.serviceWorker.controller) await claimed
document.querySelector('output').textContent = await (await fetch('classified')).text()
