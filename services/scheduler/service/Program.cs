using Quorate.Hosting;
using Quorate.Hosting.Settings;
using Quorate.Scheduler.Service;

WebApplicationBuilder builder = ProgramBuilder.Web(args);
builder.Logging.ClearProviders().AddQuorateConsole();
try
{
    SchedulerHost.Configure(builder);
}
catch (SettingsException unusable)
{
    return await ProgramRun.RefuseAsync(Console.Error, unusable);
}
await using WebApplication app = builder.Build();
SchedulerHost.Map(app);
return await ProgramRun.RunAsync(app, "scheduler");
