// The one door to the native side. Nothing else imports @tauri-apps, so the whole UI can run on another bridge.

import { t } from "@lingui/core/macro";
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type {
  About, Access, Basemap, Command, Gap, Holdings, PhotoBytes, PhotoQueue, Problem, Returned, Row, Sheet, Status, Submitted, Takers, Waiting,
} from "../bindings";

export interface ListArgs {
  kind: string;
  index: string;
  from: string;
  to: string;
  limit: number;
}

export const status = () => invoke<Status>("status");
export const signIn = (args: { server: string; username: string; password: string }) =>
  invoke<Status>("sign_in", { args });
export const unlock = (args: { password: string }) => invoke<Status>("unlock", { args });
export const lock = () => invoke<Status>("lock", { args: {} });
export const signOut = (args: { discard: boolean }) => invoke<Status>("sign_out", { args });

export const list = (args: ListArgs) => invoke<Row[]>("list", { args });
export const sheet = (args: { id: string }) => invoke<Sheet | null>("sheet", { args });
export const takers = (args: { visits: string[] }) => invoke<Takers[]>("takers", { args });
export const gaps = (args: { day: string }) => invoke<Gap[]>("gaps", { args });
export const news = () => invoke<Row[]>("news", { args: {} });
export const lookedAt = (args: { records: string[] }) => invoke<void>("looked_at", { args });
export const search = (args: { text: string; limit: number }) => invoke<Row[]>("search", { args });

export const submit = (command: Command) => invoke<Submitted>("submit", { args: { command } });
export const undo = (args: { id: string }) => invoke<void>("undo", { args });
export const outbox = () => invoke<Waiting[]>("outbox", { args: {} });
export const returned = () => invoke<Returned[]>("returned", { args: {} });
export const dismissReturned = (args: { id: string }) => invoke<void>("dismiss_returned", { args });
export const retryReturned = (args: { id: string }) => invoke<void>("retry_returned", { args });

export const access = () => invoke<Access>("access", { args: {} });
export const holdings = () => invoke<Holdings>("holdings", { args: {} });
export const seenReceipt = () => invoke<Status>("seen_receipt", { args: {} });
export const about = () => invoke<About>("about");
export const newerVersion = () => invoke<string | null>("newer_version");
export const installNewer = () => invoke<void>("install_newer");
export const syncNow = () => invoke<Status>("sync_now", { args: {} });

export const addPhoto = (args: { appointment: string; caption: string; base64: string }) =>
  invoke<Submitted>("add_photo", { args });
export const thumbnail = (args: { hash: string; fetch: boolean }) => invoke<PhotoBytes | null>("thumbnail", { args });
export const photo = (args: { hash: string }) => invoke<PhotoBytes | null>("photo", { args });
export const photoQueue = () => invoke<PhotoQueue>("photo_queue", { args: {} });
export const pausePhotos = (args: { paused: boolean }) => invoke<Status>("pause_photos", { args });
export const hurryPhotos = () => invoke<Status>("hurry_photos", { args: {} });
export const removePhoto = (args: { id: string }) => invoke<Status>("remove_photo", { args });
export const basemap = () => invoke<Basemap | null>("basemap", { args: {} });

/** Calls back whenever anything on this device changed. Returns how to stop listening. */
export function onChanged(changed: (status: Status) => void): () => void {
  const listening = listen<Status>("changed", (event) => changed(event.payload));
  return () => void listening.then((stop) => stop());
}

/** What the native side rejected with, whatever it was. */
export function problemOf(error: unknown): Problem {
  if (typeof error === "object" && error !== null && "sentence" in error) return error as Problem;
  const sentence = typeof error === "string" ? error : t`Something went wrong on this laptop. Please try again.`;
  return { code: "unknown", sentence, denial: null };
}
