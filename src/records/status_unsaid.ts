/** The status of a run whose unit says none: a run that is written afterwards is over. `submit` tells it as a `loss`. */
export const STATUS_UNSAID = "Completed";
