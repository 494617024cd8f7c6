using Quorate.Cli;

return await CommandLine.RunAsync(args);
