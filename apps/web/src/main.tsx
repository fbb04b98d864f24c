import { render } from 'preact'
import { App } from './app/App.js'
import { keepSite } from './state/installation.js'
import { useFirstModel } from './state/model.js'
import './styles/base.css'
import './styles/tables.css'

render(<App />, document.getElementById('app')!)
void useFirstModel().finally(keepSite)
