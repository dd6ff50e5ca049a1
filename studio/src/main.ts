import './styles/ui.css'
import { mount } from 'svelte'
import App from './App.svelte'

// A new version was put in place while this page was open: its chunks have other names now.
addEventListener('vite:preloadError', () => location.reload())

mount(App, { target: document.getElementById('app')! })
