import { serve } from '../remote/serve.js'
import type { ModelMethods } from './api.js'
import { workbench } from './workbench.js'

serve<ModelMethods>(workbench())
