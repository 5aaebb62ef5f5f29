// Types for what is imported without bringing its own.

declare module "@alpinejs/csp" {
  import Alpine from "alpinejs";
  export default Alpine;
}

declare module "*.svg" {
  const content: string;
  export default content;
}
