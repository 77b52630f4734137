// Small pieces that carry no feature: a chip, an empty state, a problem next to what caused it, a choice of a few.

import { Fragment, type ReactNode, useId } from "react";
import { Icon, type IconName } from "./Icon";

/** What somebody wrote, shown as it is: a name, an address, a note. It keeps its own direction. */
export const Data = ({ children }: { children: ReactNode }) => <bdi translate="no">{children}</bdi>;

/** A sentence of the rules. They speak English for now. */
export const Ruled = ({ children }: { children: ReactNode }) => <bdi lang="en" translate="no">{children}</bdi>;

/** Parts of one line, with a dot between them; those that are not there are left out. */
export function Dots({ parts }: { parts: ReactNode[] }) {
  return parts.filter(Boolean).map((part, index) => <Fragment key={index}>{index > 0 && " · "}{part}</Fragment>);
}

export type Tone = "neutral" | "accent" | "good" | "bad" | "attention";

export function Chip({ icon, tone = "neutral", children, testid }: { icon?: IconName; tone?: Tone; children: ReactNode; testid?: string }) {
  return (
    <span className={`chip ${tone}`} data-testid={testid}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}

export function Empty({ title, children, testid }: { title: string; children?: ReactNode; testid?: string }) {
  return (
    <div className="empty" data-testid={testid}>
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** What went wrong, next to where. Read out at once. */
export function ProblemLine({ children, id }: { children: ReactNode; id?: string }) {
  return (
    <div className="problem" role="alert" data-testid="problem" id={id}>
      <Icon name="alert" />
      <div>{children}</div>
    </div>
  );
}

interface FieldProps {
  label: string;
  hint?: string;
  children: (ids: { id: string; "aria-describedby"?: string }) => ReactNode;
}

export function Field({ label, hint, children }: FieldProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-describedby": hint ? hintId : undefined })}
      {hint && <span id={hintId} className="hint">{hint}</span>}
    </div>
  );
}

interface CheckProps {
  label: string;
  hint: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  testid: string;
}

/** Yes or no, and what it means. */
export function Check({ label, hint, checked, onChange, testid }: CheckProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <div className="field">
      <div className="check">
        <input id={id} type="checkbox" aria-describedby={hintId} data-testid={testid} checked={checked} onChange={(event) => onChange(event.target.checked)} />
        <label htmlFor={id}>{label}</label>
      </div>
      <span id={hintId} className="hint">{hint}</span>
    </div>
  );
}

interface ChoiceProps<T extends string> {
  legend: string;
  value: T | null;
  onChange: (value: T) => void;
  options: { value: T; label: string; hint?: string; testid?: string; icon?: IconName }[];
  /** Beside each other, where there is room. */
  row?: boolean;
}

/** One of a few, each a large target. */
export function Choice<T extends string>({ legend, value, onChange, options, row }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className={row ? "choice row" : "choice"}>
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className={value === option.value ? "picked" : ""}>
          <input
            type="radio"
            name={name}
            checked={value === option.value}
            onChange={() => onChange(option.value)}
            data-testid={option.testid}
          />
          {option.icon && <Icon name={option.icon} />}
          <span>
            {option.label}
            {option.hint && <span className="hint">{option.hint}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** Two or three views of the same thing. */
export function Tabs<T extends string>({ label, value, onChange, options }: {
  label: string;
  value: T;
  onChange: (value: T) => void;
  options: { value: T; label: string; testid?: string }[];
}) {
  return (
    <div className="tabs" role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={value === option.value}
          data-testid={option.testid}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
