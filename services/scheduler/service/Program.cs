using Quorate.Hosting;
using Quorate.Hosting.Settings;
using Quorate.Scheduler.Service;

const int ExitWrongSettings = 2;

WebApplicationBuilder builder = ProgramBuilder.Web(args);
builder.Logging.ClearProviders().AddQuorateConsole();
try
{
    SchedulerHost.Configure(builder);
}
catch (SettingsException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return ExitWrongSettings;
}
WebApplication app = builder.Build();
SchedulerHost.Map(app);
await app.RunAsync();
return 0;
