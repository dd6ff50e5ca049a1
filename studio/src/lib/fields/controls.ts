/** The component behind each control kind. Forms load this; lists and pages that only show values do not. */
import type { Component } from 'svelte'
import type { ControlProps } from './control-props.ts'
import AddressControl from './controls/AddressControl.svelte'
import CheckboxControl from './controls/CheckboxControl.svelte'
import DateControl from './controls/DateControl.svelte'
import DateTimeControl from './controls/DateTimeControl.svelte'
import GeolocationControl from './controls/GeolocationControl.svelte'
import JsonControl from './controls/JsonControl.svelte'
import LongTextControl from './controls/LongTextControl.svelte'
import LookupControl from './controls/LookupControl.svelte'
import MultiPicklistControl from './controls/MultiPicklistControl.svelte'
import NumberControl from './controls/NumberControl.svelte'
import PicklistControl from './controls/PicklistControl.svelte'
import TextControl from './controls/TextControl.svelte'
import type { ControlKind } from './types.ts'

export const CONTROLS: { readonly [kind in Exclude<ControlKind, 'none'>]: Component<ControlProps> } = {
  text: TextControl,
  longText: LongTextControl,
  number: NumberControl,
  checkbox: CheckboxControl,
  date: DateControl,
  time: DateControl,
  dateTime: DateTimeControl,
  picklist: PicklistControl,
  multiPicklist: MultiPicklistControl,
  lookup: LookupControl,
  geolocation: GeolocationControl,
  address: AddressControl,
  json: JsonControl,
}
