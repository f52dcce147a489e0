import { Link } from "wouter";

interface Props {
  readonly to: string;
  readonly label: string;
  readonly isPrimary?: boolean;
  readonly onClick?: () => void;
}

/** A link that looks like a button, as it leads to where something is done. */
export function Action({ label, isPrimary, ...props }: Props) {
  return (
    <Link {...props} className={isPrimary ? "button primary" : "button"}>
      {label}
    </Link>
  );
}
