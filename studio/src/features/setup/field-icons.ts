import type { Component } from 'svelte'
import AtSign from '@lucide/svelte/icons/at-sign'
import Banknote from '@lucide/svelte/icons/banknote'
import Braces from '@lucide/svelte/icons/braces'
import CalendarClock from '@lucide/svelte/icons/calendar-clock'
import CalendarDays from '@lucide/svelte/icons/calendar-days'
import Clock from '@lucide/svelte/icons/clock'
import Fingerprint from '@lucide/svelte/icons/fingerprint-pattern'
import Globe from '@lucide/svelte/icons/globe'
import Hash from '@lucide/svelte/icons/hash'
import Link2 from '@lucide/svelte/icons/link-2'
import ListChecks from '@lucide/svelte/icons/list-checks'
import ListOrdered from '@lucide/svelte/icons/list-ordered'
import List from '@lucide/svelte/icons/list'
import MapIcon from '@lucide/svelte/icons/map'
import MapPin from '@lucide/svelte/icons/map-pin'
import Network from '@lucide/svelte/icons/network'
import Paperclip from '@lucide/svelte/icons/paperclip'
import Percent from '@lucide/svelte/icons/percent'
import Phone from '@lucide/svelte/icons/phone'
import Pilcrow from '@lucide/svelte/icons/pilcrow'
import Sigma from '@lucide/svelte/icons/sigma'
import SquareCheck from '@lucide/svelte/icons/square-check'
import SquareFunction from '@lucide/svelte/icons/square-function'
import TextAlignStart from '@lucide/svelte/icons/text-align-start'
import Type from '@lucide/svelte/icons/type'
import type { FieldIcon } from '$lib/fields/types.ts'

export const FIELD_ICONS: { readonly [icon in FieldIcon]: Component } = {
  text: Type,
  longText: TextAlignStart,
  richText: Pilcrow,
  number: Hash,
  currency: Banknote,
  percent: Percent,
  checkbox: SquareCheck,
  date: CalendarDays,
  dateTime: CalendarClock,
  time: Clock,
  email: AtSign,
  phone: Phone,
  url: Globe,
  picklist: List,
  multiPicklist: ListChecks,
  lookup: Link2,
  masterDetail: Network,
  autoNumber: ListOrdered,
  externalId: Fingerprint,
  formula: SquareFunction,
  rollup: Sigma,
  geolocation: MapPin,
  address: MapIcon,
  json: Braces,
  file: Paperclip,
}
